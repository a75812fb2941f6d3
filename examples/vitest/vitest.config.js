export default { test: { setupFiles: ['nstopo/vitest'], testTimeout: 20_000 } }
