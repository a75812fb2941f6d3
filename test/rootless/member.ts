/** Mocha's words in; the suite run by an ordinary user, with this process's streams, and its exit status out (member.sh). */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { randomName } from '../../src/kernel/random.js'
import { inPrivateMachine } from '../support/private-machine.js'
import { user } from './user.js'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const suite = ['node', '--import', 'tsx', 'test/rootless/suite.ts']

/** With as many subordinate ids as let `users: { map: "0 100000 65536" }` be among them. */
export function runAsMember(words: readonly string[]): number {
  const { PATH = '', NSTOPO_RUNNERS: runners = '' } = process.env
  const his = { HOME: '/home/member', XDG_RUNTIME_DIR: `/run/user/${user}` }
  const variables = [
    ...['PATH=/home/member/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
    ...[...Object.entries(his), ['NSTOPO_RUNNERS', runners && '/home/member/runners']].map(pair => pair.join('=')),
  ]
  const [command = '', ...rest] = inPrivateMachine('sh', path('member.sh'), '-i', ...variables, ...suite, ...words)
  const given = { checkout: path('../../'), node: process.execPath, runners }
  const account = { uid: `${user}`, ids: '100000:200000', group: `member-${randomName()}` }
  const env = { PATH, ...his, ...given, ...account }
  return spawnSync(command, rest, { stdio: 'inherit', env }).status ?? 1
}
