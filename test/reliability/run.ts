/** All drivers in turn, whole; their figures into docs/reliability.md. Status 1 when one of them found anything. */
import { spawnSync } from 'node:child_process'
import { write } from './page.js'

const statuses = ['kill', 'soak', 'many'].map(name => {
  console.log(`\n${name}`)
  const program = new URL(`${name}.ts`, import.meta.url).pathname
  return spawnSync(process.execPath, [...process.execArgv, program, '--save'], { stdio: 'inherit' }).status
})
write()
process.exit(statuses.every(status => status === 0) ? 0 : 1)
