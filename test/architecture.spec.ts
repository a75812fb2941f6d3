/** The imports of every file are held against the table in ARCHITECTURE.md. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

interface Room {
  readonly name: string
  readonly allowed: readonly string[]
  readonly row: string
}

const rooms: readonly Room[] = readFileSync('ARCHITECTURE.md', 'utf8')
  .split('\n')
  .filter(line => /^\| `/.test(line))
  .map(row => {
    const [, name, allowed] = row.split('|').map(cell => [...cell.matchAll(/`([^`]+)`/g)].map(match => match[1]!))
    return { name: name![0]!, allowed: allowed!, row }
  })

const files = ['src', 'native', 'commands'].flatMap(folder =>
  (readdirSync(folder, { recursive: true }) as string[])
    .filter(name => name.endsWith('.ts'))
    .map(name => join(folder, name)),
)

/** The longest room that the file or module is in. */
function roomOf(path: string): Room | undefined {
  return rooms.filter(({ name }) => within(path, name)).sort((a, b) => b.name.length - a.name.length)[0]
}

function within(path: string, room: string): boolean {
  return (
    path === room ||
    path === `${room}.ts` ||
    path.startsWith(`${room}/`) ||
    (room.endsWith(':') && path.startsWith(room))
  )
}

function importsOf(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8')
  const statements = /^(?:import|export|\}).*? from '([^'\n]+)'|\bimport\('([^'\n]+)'\)|^import '([^'\n]+)'/gm
  const names = [...text.matchAll(statements)].map(match => (match[1] ?? match[2] ?? match[3])!)
  return names.map(name =>
    name.startsWith('.') ? relative('.', join(dirname(file), name)).replace(/\.js$/, '') : name,
  )
}

describe('ARCHITECTURE.md', () => {
  it('has a row for every room', () => {
    for (const file of files) if (!file.startsWith('src/generated')) assert.ok(roomOf(file), `${file} is in no room`)
  })

  for (const { name } of rooms) {
    it(`is true of ${name}`, () => {
      for (const file of files.filter(path => roomOf(path)?.name === name)) {
        const { allowed, row } = roomOf(file)!
        for (const imported of importsOf(file))
          assert.ok(
            allowed.some(room => within(imported, room)),
            `${file} imports ${imported}, but:\n${row}`,
          )
      }
    })
  }

  it('is read: files and imports are found', () => {
    assert.ok(rooms.length > 10 && files.length > 100)
    assert.ok(importsOf('src/pipeline.ts').includes('src/passes/parse'))
  })
})
