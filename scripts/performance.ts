/** Nothing in; what is used of `performance` out, without the module of Node's that the global one would load. */
export const performance = { now: () => process.uptime() * 1000 }
