/** What no topology is, and what somebody planted: an error that says so. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { machine } from '../support/machine.js'
import { inFolder, inFolderAsync, root } from './program.js'

interface Outcome {
  readonly status: number | null
  readonly stderr: string
  /** The most memory that it had, in megabytes. */
  readonly peak: number
}

interface Surroundings {
  readonly input?: Buffer
  readonly env?: Readonly<Record<string, string>>
}

const mostMegabytes = 768

/** The built program, with a minute's time; Node itself says how much memory it took. */
function nstopo(cwd: string, words: readonly string[], { input, env = {} }: Surroundings = {}): Outcome {
  const [witness, peak] = [join(cwd, '.witness.cjs'), join(cwd, '.peak')]
  const note = `require('node:fs').writeFileSync(${JSON.stringify(peak)}, String(process.resourceUsage().maxRSS))`
  writeFileSync(witness, `process.on('exit', () => ${note})`)
  writeFileSync(peak, '')
  const program = ['--require', witness, join(root, 'dist/nstopo.cjs'), ...words]
  const { status, stderr } = spawnSync(process.execPath, program, {
    ...{ cwd, encoding: 'utf8', timeout: 300_000, maxBuffer: 1 << 26, killSignal: 'SIGKILL', input: input ?? '' },
    env: { PATH: process.env.PATH ?? '', HOME: '/root', ...env },
  })
  return { status, stderr, peak: Number(readFileSync(peak, 'utf8') || Number.NaN) / 1024 }
}

/** Refused by `validate` and by `up`, in a message of one screen, and the machine is as it was. */
function refused(
  cwd: string,
  [file, why]: readonly [string, RegExp],
  more: Surroundings & { name?: string } = {},
): void {
  const before = machine()
  for (const command of ['validate', 'up']) {
    const { status, stderr, peak } = nstopo(cwd, [command, file, ...(more.name ? ['--name', more.name] : [])], more)
    assert.equal(status, 2, `${command} ${file}: ${status} ${stderr.slice(0, 2000)}`)
    assert.match(stderr, why)
    assert.ok(stderr.slice(0, stderr.indexOf('\n')).length < 1000, 'a line too long to read')
    assert.doesNotMatch(stderr, /\n {4}at |[\0-\x08\x0e-\x1f\x7f-\x9f\u202e]/, 'a stack, or what moves the cursor')
    assert.ok(peak < mostMegabytes, `${command} ${file} took ${peak} MB`)
  }
  assert.deepEqual(machine(), before)
}

const row = (count: number, make: (index: number) => string, between = ', ') =>
  Array.from({ length: count }, (_, index) => make(index)).join(between)

/** Texts by what they are called, with what has to be said of them. */
const texts: readonly (readonly [name: string, text: () => string | Buffer, why: RegExp])[] = [
  ['invalid UTF-8', () => Buffer.from('name: caf\xe9\nnodes: {}\n', 'latin1'), /is not UTF-8 text/],
  ['a NUL', () => 'nodes: {h1: {}\0}', /control character \(U\+0000\)/],
  [
    'UTF-16',
    () => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('nodes: {}', 'utf16le')]),
    /is not UTF-8 text/,
  ],
  ['UTF-16 without a mark', () => Buffer.from('nodes: {}', 'utf16le'), /one in UTF-16\? A topology is UTF-8/],
  ['an escape sequence', () => 'nodes: {"\x1b[2J": {}}', /control character \(U\+001B\)/],
  ['an escape sequence as YAML writes it', () => 'nodes: {"\\e[2J": {}}', /control characters have no place/],
  ['a sign that turns the line round', () => 'nodes: {a\u202eb: {}}', /cannot name a node/],
  ['flow lists without end', () => `nodes: ${'['.repeat(100_000)}`, /nests deeper than 100 levels/],
  ['flow mappings without end', () => `nodes: ${'{a: '.repeat(100_000)}`, /nests deeper than 100 levels/],
  [
    'block mappings without end',
    () => row(5_000, depth => `${' '.repeat(depth)}a:`, '\n'),
    /nests deeper than 100 levels/,
  ],
  ['block lists without end', () => '- '.repeat(100_000), /nests deeper than 100 levels/],
  ['a million keys', () => `nodes: {${row(1_000_000, i => `h${i}: {}`)}}`, /more than 500000 words/],
  [
    'a bomb of lists',
    () => `x-0: &a0 [lol]\n${row(40, i => `x-${i + 1}: &a${i + 1} [${row(9, () => `*a${i}`)}]`, '\n')}`,
    /aliases make more than 100000 values/,
  ],
  [
    'a bomb of mappings',
    () => `x-0: &a0 {k: v}\n${row(40, i => `x-${i + 1}: &a${i + 1} {a: *a${i}, b: *a${i}, c: *a${i}}`, '\n')}`,
    /aliases make more than 100000 values/,
  ],
  [
    'a bomb of merges',
    () => `x-0: &a0 {k: v}\n${row(40, i => `x-${i + 1}: &a${i + 1} {<<: [*a${i}, *a${i}]}`, '\n')}`,
    /aliases make more than 100000 values/,
  ],
  [
    'a bomb of texts',
    () => `x-a: &a "${'x'.repeat(1_000_000)}"\nnodes: {h1: {labels: {${row(9_000, i => `k${i}: *a`)}}}}`,
    /aliases make more than 16 MiB/,
  ],
  [
    'a bomb of variables',
    () => `nodes: {h1: {labels: {a: "${'${BIG}'.repeat(100_000)}"}}}`,
    /variables make more than 16 MiB/,
  ],
  [
    'a bomb of groups',
    () => `groups: {g: {labels: {${row(3_000, i => `k${i}: v`)}}}}\nnodes: {${row(3_000, i => `n${i}: {group: g}`)}}`,
    /groups and defaults make more than 1000000 values/,
  ],
  [
    'a bomb of groups with names',
    () =>
      `groups: {g: {labels: {${row(3_000, i => `k${i}: "\${node}"`)}}}}\nnodes: {${row(3_000, i => `n${i}: {group: g}`)}}`,
    /groups and defaults make more than 1000000 values/,
  ],
  [
    'a bomb of defaults',
    () =>
      `defaults: {interface: {addresses: [${row(3_000, i => `10.${i >> 8}.${i & 255}.1/24`)}]}}\nnodes: {a: {}, b: {}}\nlinks: [${row(3_000, () => '[a, b]')}]`,
    /every interface would start with more than 1000 values/,
  ],
  ['an alias of what is around it', () => 'nodes: &a {h1: *a}', /would contain itself/],
  ['a merge of what is around it', () => 'nodes: &a {<<: *a}', /would contain itself/],
  [
    'aliases of each other as keys',
    () => 'nodes: &a0 {l: &a2 {*a0 : 1, *a2 : 1}, m: {*a2 : 1}}',
    /would contain itself/,
  ],
  ['__proto__ at the top', () => '__proto__: {a: 1}\nnodes: {h1: {}}', /there is no key `__proto__`/],
  ['constructor at the top', () => 'constructor: {a: 1}\nnodes: {h1: {}}', /there is no key `constructor`/],
  ['__proto__ as a node', () => 'nodes: {__proto__: {}}', /`__proto__` cannot name a node/],
  ['__proto__ in a node', () => 'nodes: {h1: {__proto__: {kind: router}}}', /there is no key `__proto__`/],
  ['toString as a group', () => 'nodes: {h1: {group: toString}}', /there is no group `toString`/],
  ['constructor as a kind', () => 'nodes: {h1: {interfaces: {a: {kind: constructor}}}}', /kind/],
  ['a lab that leads elsewhere', () => 'name: ../../etc\nnodes: {h1: {}}', /a lab’s name is made of/],
  ['a node that leads elsewhere', () => 'nodes: {../../etc: {}}', /`\.\.\/\.\.\/etc` cannot name a node/],
  ['a switch that leads elsewhere', () => 'nodes: {h1: {}}\nlinks: [{name: ../x, endpoints: [h1]}]', /cannot name/],
  [
    'an interface that leads elsewhere',
    () => 'nodes: {h1: {}, h2: {}}\nlinks: [["h1:../x", h2]]',
    /cannot name an interface/,
  ],
  [
    'a setting that leads elsewhere',
    () => 'nodes: {h1: {sysctls: {net.ipv4.../../kernel.core_pattern: "|/bin/sh"}}}',
    /sysctl|setting/,
  ],
  [
    'a setting that is not the network’s',
    () => 'nodes: {h1: {sysctls: {kernel.core_pattern: "|/bin/sh"}}}',
    /sysctl|setting/,
  ],
  ['a name of a megabyte', () => `nodes: {${'x'.repeat(1_000_000)}: {}}`, /cannot name a node/],
  ['a lab’s name of a megabyte', () => `name: ${'x'.repeat(1_000_000)}\nnodes: {}`, /a lab’s name is made of/],
]

describe('bad input: a text', () => {
  for (const [name, text, why] of texts)
    it(`${name} is refused`, () =>
      inFolder({}, cwd => {
        writeFileSync(join(cwd, 'lab.yaml'), text())
        refused(cwd, ['lab.yaml', why], { env: { BIG: 'y'.repeat(100_000) } })
      }))

  it('a mark at its beginning is no mistake', () =>
    inFolder({ 'lab.yaml': '\ufeffnodes: {h1: {}}\n' }, cwd =>
      assert.equal(nstopo(cwd, ['validate', 'lab.yaml']).status, 0),
    ))

  it('names of JavaScript’s own are names like others', () =>
    inFolder(
      {
        'lab.yaml': 'nodes: {constructor: {labels: {__proto__: x}}, toString: {}}\nlinks: [[constructor, toString]]\n',
      },
      cwd => assert.equal(nstopo(cwd, ['validate', 'lab.yaml']).status, 0),
    ))
})

describe('bad input: a file', () => {
  it('of 100 megabytes, with or without anything in it, is refused unread', () =>
    inFolder({ 'sparse.yaml': '' }, cwd => {
      truncateSync(join(cwd, 'sparse.yaml'), 100_000_000)
      writeFileSync(join(cwd, 'real.yaml'), Buffer.alloc(100_000_000, 'a: b\n'))
      refused(cwd, ['sparse.yaml', /larger than 16 MiB/])
      refused(cwd, ['real.yaml', /larger than 16 MiB/])
      refused(cwd, ['-', /standard input is larger than 16 MiB/], {
        input: Buffer.alloc(100_000_000, 'a: b\n'),
        name: 'x',
      })
    }))

  it('that is none is refused without waiting', () => {
    inFolder({}, cwd => {
      execFileSync('mkfifo', [join(cwd, 'pipe.yaml')])
      mkdirSync(join(cwd, 'folder.yaml'))
      symlinkSync('loop.yaml', join(cwd, 'loop.yaml'))
      symlinkSync('/nowhere/at/all', join(cwd, 'dangling.yaml'))
      for (const [file, why] of [
        ['pipe.yaml', /no regular file/],
        ['folder.yaml', /is a folder/],
        ['loop.yaml', /leads back to itself/],
        ['dangling.yaml', /a link to a file that is not there/],
        ['/dev/zero', /no regular file/],
        ['/dev/full', /no regular file/],
        ['/dev/random', /no regular file/],
        ['/proc/self/mem', /cannot be read/],
      ] as const)
        refused(cwd, [file, why])
    })
  })

  it('that is a socket is refused', () => {
    const server = createServer()
    return inFolderAsync(async cwd => {
      await new Promise<void>(done => server.listen(join(cwd, 'socket.yaml'), done))
      refused(cwd, ['socket.yaml', /no regular file/])
      await new Promise(done => server.close(done))
    })
  })

  it('a name on the command line leads nowhere', () =>
    inFolder({ 'lab.yaml': 'nodes: {h1: {}}\n' }, cwd => {
      refused(cwd, ['lab.yaml', /a lab’s name is made of/], { name: '../../etc' })
      for (const words of [
        ['down', '..etc'],
        ['diff', '..etc'],
        ['inspect', '..etc'],
      ])
        assert.notEqual(nstopo(cwd, words).status, 0, words.join(' '))
    }))
})

describe('bad input: a state folder', () => {
  const file = { 'lab.yaml': 'nodes: {h1: {}}\n' }
  const nobody = 65534

  /** Nothing is made, followed or written through, and the message names what is in the way. */
  function unusable(cwd: string, prepare: (home: string) => void, why: RegExp): void {
    const [home, before] = [join(cwd, 'state'), machine()]
    prepare(home)
    const listing = namesIn(cwd)
    const { status, stderr } = nstopo(cwd, ['up', 'lab.yaml'], { env: { NSTOPO_STATE_DIR: home } })
    assert.ok(status !== 0 && status !== null && status < 128, `${status} ${stderr}`)
    assert.match(stderr, why)
    assert.ok(stderr.includes(home), stderr)
    assert.doesNotMatch(stderr, /\n {4}at /)
    assert.deepEqual(namesIn(cwd), listing)
    assert.deepEqual(machine(), before)
  }

  for (const [name, prepare, why] of [
    [
      'that is a link',
      home => {
        mkdirSync(`${home}-real`)
        symlinkSync(`${home}-real`, home)
      },
      /not a folder that only its owner writes to/,
    ],
    [
      'of another user',
      home => {
        mkdirSync(home)
        chownSync(home, nobody, nobody)
      },
      /not a folder that only its owner writes to/,
    ],
    [
      'that everybody writes to',
      home => {
        mkdirSync(home)
        chmodSync(home, 0o777)
      },
      /not a folder that only its owner writes to/,
    ],
    ['that is a file', home => writeFileSync(home, 'mine'), /not a folder that only its owner writes to/],
    ['whose lock is a link', home => symlinkSync(`${home}-victim`, `${home}.lock`), /ELOOP/],
    ['whose lock is a pipe', home => execFileSync('mkfifo', [`${home}.lock`]), /not a lock that nstopo made/],
    [
      'whose lock is another user’s',
      home => {
        writeFileSync(`${home}.lock`, '')
        chownSync(`${home}.lock`, nobody, nobody)
      },
      /not a lock that nstopo made/,
    ],
    ['whose lock is a folder', home => mkdirSync(`${home}.lock`), /EISDIR/],
  ] as readonly (readonly [string, (home: string) => void, RegExp])[])
    it(`${name} is not used`, () => inFolder(file, cwd => unusable(cwd, prepare, why)))
})

/** Without what the measuring put there. */
function namesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => !name.startsWith('.'))
}
