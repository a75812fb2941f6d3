/** The comparison of whole machines sees whatever a run could leave behind or change: else no leak would ever be found. */
import assert from 'node:assert/strict'
import { run } from '../support/machine.js'
import { inPrivateMachine } from '../support/private-machine.js'

/** What each trace must be told as, and nothing else. */
const expected: Readonly<Record<string, RegExp>> = {
  'a namespace by name': /^\+ (namespaces: net:|mounts: net:\S+ \/run\/netns\/lab\.a |files: \/run\/netns\/lab\.a )/,
  'a namespace that only a process is in': /^\+ (namespaces|processes): /,
  'a process in a namespace of others': /^\+ (namespaces: mnt:|processes: .*sleep infinity$)/,
  'a mount': /^\+ mounts: .*\/run\/user |^[+-] files: \/run\/user /,
  'a mount that went': /^- (mounts: .*\/run\/foreign |files: \/run\/foreign\/note )|^[+-] files: \/run\/foreign /,
  'a link': /^\+ (links|addresses|settings): .*left0/,
  'a link with another MTU': /^[+-] (links|addresses|settings): .*(fv0|fbr0)/,
  'an address': /^[+-] (addresses|routes): .*192\.0\.2\./,
  'a route': /^\+ routes: .*198\.18\.0\.0/,
  'an IPv6 route': /^\+ (IPv6 )?routes: .*2001:db8::/,
  'a route in another table': /^- routes: .*203\.0\.113\.0/,
  'a rule': /^- rules: .*777/,
  'an IPv6 rule': /^\+ IPv6 rules: .*2001:db8::/,
  'a neighbour': /^- neighbours: .*192\.0\.2\.9/,
  'an address in a namespace of others': /^[+-] (addresses|routes) of plain: /,
  'a file': /^\+ files: \/run\/left /,
  'another text in a file': /^[+-] files: \/run\/foreign-text /,
  'the mode of a file': /^[+-] files: \/run\/nstopo-something /,
  'a folder': /^\+ files: \/run\/nstopo\.d\/left /,
  'where a link leads': /^[+-] files: \/run\/netns\/dangling /,
  'a setting': /^[+-] settings: \/proc\/sys\/net\/ipv4\/conf\/fv0\/forwarding /,
  'a descriptor': /^\+ descriptors: \/run\/nstopo-something$/,
  'an nft rule': /^\+ nft rules: .*left/,
}

describe('a snapshot of the machine', () => {
  it('tells of every trace by its name, and of nothing else', () => {
    const [command = '', ...words] = inPrivateMachine(
      process.execPath,
      '--import',
      'tsx',
      'test/reliability/programs/traces.ts',
    )
    const lines = run(command, ...words)
      .trim()
      .split('\n')
    const traces = lines.map(line => JSON.parse(line) as { name: string; seen: string[] })
    const told = new Set(['an nft rule', ...traces.map(({ name }) => name)])
    assert.deepEqual(
      Object.keys(expected).filter(name => !told.has(name)),
      [],
    )
    const wrong: string[] = []
    for (const { name, seen } of traces) {
      const pattern = expected[name]
      const right = pattern ? seen.length > 0 && seen.every(line => pattern.test(line)) : seen.length === 0
      if (!right) wrong.push(`${name}:\n${seen.join('\n')}`)
    }
    assert.deepEqual(wrong, [])
  })
})
