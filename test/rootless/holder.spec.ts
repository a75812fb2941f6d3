/** An ordinary user's labs: every command, what holds them, and what is left when they are gone. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { asUser, threeNodes } from './user.js'

/** The holder's number; the script may use `$(holder)`. */
const helpers = `holder() { cut -d' ' -f1 $XDG_RUNTIME_DIR/nstopo/holder; }
gone() { for i in $(seq 5000); do test -e $XDG_RUNTIME_DIR/nstopo || return 0; sleep 0.05; done; ls -la $XDG_RUNTIME_DIR/nstopo; return 1; }
`

function lines(script: string, prepare?: string): readonly string[] {
  const { status, stdout, stderr } = asUser(helpers + threeNodes + script, prepare === undefined ? {} : { prepare })
  assert.equal(status, 0, stdout + stderr)
  return stdout.trimEnd().split('\n')
}

describe('without root', () => {
  it('a lab goes up, is looked at and entered, and nothing is left when it is down', () => {
    const found = lines(`set -e
      nstopo up -q lab.yaml
      nstopo ls | sed -n 's/ .*//p'
      nstopo diff three
      nstopo exec three a -- ip -br -4 addr show dev eth0 | tr -s ' '
      nstopo exec three a -- ping -qc1 -W5 10.0.0.2 | grep -o '1 received'
      nstopo inspect --json three | node -p 'JSON.parse(fs.readFileSync(0)).status'
      nstopo down -q three
      gone && ls -A $XDG_RUNTIME_DIR`)
    const address = found[3]?.replace(/@\S+/, '').trim()
    assert.deepEqual(
      [...found.slice(0, 3), address, ...found.slice(4)],
      ['LAB', 'three', 'three: no differences', 'eth0 UP 10.0.0.1/24', '1 received', '0', 'home'],
    )
  })

  it('is in nobody’s way: the machine shows no name, and no lab of it', () => {
    const found = lines(`nstopo up -q lab.yaml; ls -A /run | grep -v mount; nstopo down -q three; gone`)
    assert.deepEqual([...found].sort(), ['bin', 'checkout', 'lock', 'user'])
  })

  it('passes the exit status, the folder, the standard streams and signals on', () => {
    const found = lines(`nstopo up -q lab.yaml
      nstopo exec three a -- sh -c 'exit 7'; echo $?
      nstopo exec three a -- sh -c 'kill -TERM $$'; echo $?
      mkdir sub; cd sub; echo words | nstopo exec three a -- sh -c 'cat; pwd | grep -o "/home/sub"; touch made'
      stat -c %u made
      (exec nstopo exec three a -- sh -c 'trap "echo caught; exit 3" USR1; echo ready; while :; do sleep 0.05; done') > log & pid=$!
      for i in $(seq 5000); do grep -q ready log && break; sleep 0.05; done
      kill -USR1 $pid; wait $pid; echo $?; cat log
      nstopo down -q three; gone`)
    assert.deepEqual(found, ['7', '143', 'words', '/home/sub', '4711', '3', 'ready', 'caught'])
  })

  it('is one holder for many at once, who come and go', () => {
    const found = lines(`for i in 1 2 3 4; do
        (nstopo up -q lab.yaml --name l$i && nstopo down -q l$i || echo failed $i) &
      done; wait; gone && echo gone`)
    assert.deepEqual(found, ['gone'])
  })

  it('loses all labs and nothing else when the holder is killed, and begins anew', () => {
    const found = lines(`nstopo up -q lab.yaml; kill -KILL $(holder)
      nstopo up -q lab.yaml && nstopo exec three a -- true && echo up again
      nstopo down -q three; gone`)
    assert.deepEqual(found, ['up again'])
  })

  it('says whose the lab is', () => {
    const found =
      lines(`nstopo up -q lab.yaml; nstopo ls --json | grep -o '"owner": .*[0-9]'; nstopo ls | awk 'NR == 2 { print $(NF - 1) }'
      nstopo down -q three; gone`)
    assert.deepEqual(found, ['"owner": 4711', '4711'])
  })

  it('has several users inside where subordinate ids can be had', function () {
    if (!existsSync('/usr/bin/newuidmap')) this.skip()
    const prepare = `{ cat /etc/passwd; echo tester:x:4711:4711::/:/bin/sh; } > /run/passwd; mount --bind /run/passwd /etc/passwd
      echo 4711:200000:65536 > /run/ids
      for file in subuid subgid; do test -e /etc/$file; mount --bind /run/ids /etc/$file; done`
    const found = lines(
      `nstopo up -q lab.yaml; nstopo doctor | grep -o 'user ids.*'
      nstopo exec three a -- setpriv --reuid 33 --regid 33 --clear-groups sh -c 'id -u; touch /tmp/nstopo-by-33'
      stat -c %u /tmp/nstopo-by-33; nstopo exec three a -- rm /tmp/nstopo-by-33; nstopo down -q three; gone`,
      prepare,
    )
    assert.deepEqual(found, [
      'user ids                           65537, root inside is this user outside',
      '33',
      '200032',
    ])
  })

  it('takes no folder that somebody else has made', () => {
    const script = 'unset XDG_RUNTIME_DIR; nstopo up lab.yaml; echo $?'
    const found = asUser(threeNodes + script, {
      prepare: 'rm -rf /run/user/4711; mkdir /tmp/nstopo-4711; trap "rmdir /tmp/nstopo-4711" EXIT; cd /tmp',
    })
    assert.match(found.stderr, /\/tmp\/nstopo-4711: EPERM/)
  })

  it('says which switch is in the way, and the command that opens it', () => {
    // Of this user namespace alone; without rights in it, its root is as everybody else.
    const found = lines(`unshare -Ur sh -c '
      echo 0 > /proc/sys/user/max_user_namespaces
      exec setpriv --bounding-set -all --inh-caps -all sh -c "nstopo up lab.yaml; echo \\$?; nstopo doctor | grep permission; nstopo validate lab.yaml" 2>&1'`)
    const why =
      'without root, a lab takes a user namespace, and no user namespace may be made: user.max_user_namespaces is 0'
    assert.deepEqual(found, [
      `error: ${why}  [not-permitted]`,
      '   hint: sudo sysctl -w user.max_user_namespaces=15000',
      '5',
      `NO  permission                         ${why}`,
      'the core does not work: permission',
      'three is valid: 3 nodes, 2 links',
    ])
  })
})
