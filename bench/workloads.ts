/** Sizes → topologies, the same networks that the floor in C builds. */

const dotted = (n: number) => `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`

/** Routers in a row, each cable with an IPv4 /31 and an IPv6 /64, a default route towards the first. */
export function chain(size: number): string {
  const nodes = Array.from(
    { length: size },
    (_, i) => `  n${i}: { routes: [${i === 0 ? '' : `{ to: default, via: ${dotted(2 * (i - 1))} }`}] }`,
  )
  const links = Array.from({ length: size - 1 }, (_, i) => {
    const six = `fd00:0:0:${i.toString(16)}::`
    return `  - [n${i}:b ${dotted(2 * i)}/31 ${six}1/64, n${i + 1}:a ${dotted(2 * i + 1)}/31 ${six}2/64]`
  })
  return ['defaults: { node: { kind: router } }', 'nodes:', ...nodes, 'links:', ...links, ''].join('\n')
}
