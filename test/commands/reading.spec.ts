import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inFolder, nstopo, twoHosts } from './program.js'

describe('commands: what is read', () => {
  it('is a file, standard input, or the one topology of the folder', () => {
    inFolder({ 'lab.yaml': twoHosts }, cwd => {
      assert.match(nstopo(['validate', 'lab.yaml'], { cwd }).stdout, /2 nodes, 1 link/)
      assert.match(nstopo(['validate'], { cwd }).stdout, /2 nodes, 1 link/)
      assert.match(nstopo(['validate', '-', '--name', 'x'], { cwd, input: twoHosts }).stdout, /^x is valid/)
      assert.match(nstopo(['validate', '--set', 'A=1', '--set', 'B=2', 'lab.yaml'], { cwd }).stdout, /is valid/)
    })
  })

  it('several topologies in the folder are an error that lists them', () => {
    inFolder({ 'lab.yaml': twoHosts, 'a.nstopo.yaml': twoHosts }, cwd => {
      const { status, stderr } = nstopo(['validate'], { cwd })
      assert.equal(status, 2)
      assert.match(stderr, /a\.nstopo\.yaml, lab\.yaml/)
    })
    inFolder({}, cwd => assert.equal(nstopo(['validate'], { cwd }).status, 2))
  })

  it('a file that is not there is told with those of a similar name', () => {
    inFolder({ 'branch.yaml': twoHosts }, cwd => {
      const { status, stderr } = nstopo(['validate', 'brnch.yaml'], { cwd })
      assert.equal(status, 2)
      assert.match(stderr, /not-found[\s\S]*did you mean branch\.yaml/)
    })
  })

  it('pipes, devices, folders, huge files and what is no UTF-8 are refused, without waiting', () => {
    inFolder({ 'bytes.yaml': '', 'huge.yaml': '' }, cwd => {
      writeFileSync(join(cwd, 'bytes.yaml'), Buffer.from([0x61, 0xff, 0xfe]))
      truncateSync(join(cwd, 'huge.yaml'), 17 * 1024 * 1024)
      execFileSync('mkfifo', [join(cwd, 'pipe.yaml')])
      for (const [name, why] of [
        ['bytes.yaml', /not UTF-8/],
        ['huge.yaml', /larger than 16 MiB/],
        ['pipe.yaml', /no regular file/],
        ['/dev/zero', /no regular file/],
        ['./', /folder/],
      ] as const) {
        const { status, stderr } = nstopo(['validate', name], { cwd })
        assert.equal(status, 2, name)
        assert.match(stderr, why)
        assert.match(stderr, /file-unreadable/)
      }
    })
  })
})
