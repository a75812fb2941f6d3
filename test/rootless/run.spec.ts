/** nstopo run: what passes through it, and that nothing outlives it; for root and for an ordinary user. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { findHierarchies } from '../../src/kernel/host/hierarchies.js'
import { asUser, nothingLeft, threeNodes } from './user.js'

/** So many runs are killed, each at another instant: the program, whoever of its processes, or the whole job. */
const kills = (count: number) => `${nothingLeft}
for i in $(seq ${count}); do
  setsid nstopo run lab.yaml -- sleep 700 > /dev/null 2>&1 & job=$!
  sleep $(echo $i | awk '{ srand($1); printf "%.3f", rand() * 0.6 }')
  case $((i % 3)) in
    0) kill -KILL $job ;;
    1) env kill -KILL -- -$job || kill -KILL $job ;;
    2) one=$(ps -eo pid=,args= | grep -E 'run lab[.]yaml|nstopo-run|sleep 7' | awk -v i=$i '{ all[NR] = $1 } END { print all[i % NR + 1] }')
       kill -KILL $one; kill -KILL $job ;;
  esac 2>/dev/null
done
wait; nothing_left && echo nothing is left
`

const users = [
  { who: 'an ordinary user', root: {} },
  { who: 'root', root: { root: true } },
] as const

for (const { who, root } of users)
  describe(`nstopo run, by ${who}`, () => {
    const lines = (script: string, status = 0) => {
      const found = asUser(nothingLeft + threeNodes + script, root)
      assert.equal(found.status, status, found.stdout + found.stderr)
      return found.stdout.trimEnd().split('\n')
    }

    it('gives the command its lab, its addresses, and its nodes', () => {
      const found = lines(`nstopo run lab.yaml -- sh -c 'echo $NSTOPO_LAB $NSTOPO_ADDR_A_ETH0 $NSTOPO_ADDR_B_ETH1
          nstopo exec a -- ping -qc1 -W5 $NSTOPO_ADDR_B_ETH0 | grep -o "1 received"; echo ${'$'}{NSTOPO_RUN_HELD-no}'
        nstopo run lab.yaml --in b -- sh -c 'echo $NSTOPO_NODE $NSTOPO_ADDR_A_ETH0; ls /sys/class/net'
        nothing_left`)
      assert.deepEqual(found, ['three 10.0.0.1 10.0.1.1', '1 received', 'no', 'b 10.0.0.1', 'eth0', 'eth1', 'lo'])
    })

    it('ends as the command ends, or with 125 when it is nstopo that fails', () => {
      const found = lines(`status() { nstopo run "$@" 2>> log; echo $?; }
        status lab.yaml -- sh -c 'exit 7'; status lab.yaml -- sh -c 'kill -SEGV $$'; status lab.yaml -- nonesuch
        status none.yaml -- true; status lab.yaml; status lab.yaml --in z -- true
        (exec nstopo run lab.yaml -- sh -c 'trap "echo caught; exit 3" TERM; echo ready; while :; do sleep 0.05; done') > out & job=$!
        for i in $(seq 5000); do grep -q ready out && break; sleep 0.05; done
        kill -TERM $job; wait $job; echo $?; cat out; nothing_left`)
      assert.deepEqual(found, ['7', '139', '127', '125', '125', '125', '3', 'ready', 'caught'])
    })

    it('leaves nothing, whichever of its processes is killed at whatever instant', () => {
      assert.deepEqual(lines(kills(Number(process.env.RUN_KILLS ?? 8))), ['nothing is left'])
    })

    if ('root' in root)
      it('leaves of limits what gc takes away, and gc lets a run that lives alone', function () {
        if (!findHierarchies().some(({ controllers, readOnly }) => controllers.includes('pids') && !readOnly))
          this.skip()
        const found = lines(`name=limited-$$; printf "name: $name\nnodes: { a: { limits: { pids: 50 } } }\n" > lab.yaml
          groups() { find /sys/fs/cgroup -type d -path "*/nstopo-$name-*/host-a" | grep -c .; }
          setsid nstopo run lab.yaml -- sh -c 'echo ready; exec sleep 700' > out & job=$!
          for i in $(seq 200); do grep -q ready out && break; sleep 0.05; done
          before=$(groups); test $before -gt 0 || echo none; nstopo gc > /dev/null; test $(groups) = $before && echo it lives
          env kill -KILL -- -$job; wait $job; nothing_left; test $(groups) = $before && echo they stay
          for i in $(seq 100); do nstopo gc --dry-run | grep -q "nstopo-$name-" && break; sleep 0.1; done
          nstopo gc | grep -o "nstopo-$name-" | uniq | wc -l; groups || true`)
        assert.deepEqual(found, ['it lives', 'they stay', '1', '0'])
      })

    // What follows is the same code for both.
    if ('root' in root) return

    it('leaves the command where it was: its folder, streams, network, and whose its files are', () => {
      const found = lines(`net=$(readlink /proc/self/ns/net); mkdir sub; cd sub
        echo words | nstopo run ../lab.yaml -- sh -c 'cat; pwd | grep -o /home/sub; touch made; readlink /proc/self/ns/net; echo said >&2' 2> log > out
        grep -vF "$net" out; grep -cF "$net" out; cat log; test $(stat -c %u made) = $(id -u) && echo its own; nothing_left`)
      assert.deepEqual(found, ['words', '/home/sub', '1', 'said', 'its own'])
    })

    it('buries what the command leaves, and ends it with the lab', () => {
      const found =
        lines(`nstopo run lab.yaml -- sh -c '(sleep 0.1 &); (setsid sleep 600 &); (nstopo exec a -- sleep 700 &)
        left() { ps -eo comm=,args= | grep ^sleep; }
        until left | grep -q 600 && left | grep -q 700 && ! left | grep -q -e 0.1 -e defunct; do sleep 0.05; done; left | grep -o "[67]00$"'; nothing_left`)
      assert.deepEqual(found.sort(), ['600', '700'])
    })

    it('leaves the lab for a look when it is to, and never takes one that stood before', () => {
      const found = lines(`nstopo run --keep-on-failure lab.yaml -- true; nstopo ls
        nstopo run --keep-on-failure lab.yaml -- sh -c 'exit 9'; echo $?; nstopo exec three a -- echo inside
        nstopo run --keep-on-failure lab.yaml -- true 2>&1 | grep -o 'is up already'
        nstopo run lab.yaml -- nstopo ls | grep -c three; nstopo down -q three; nothing_left`)
      assert.deepEqual(found, ['no lab is up', '9', 'inside', 'is up already', '1'])
    })

    it('has several users inside where subordinate ids can be had', function () {
      if (!existsSync('/usr/bin/newuidmap')) this.skip()
      const prepare = `{ cat /etc/passwd; echo tester:x:4711:4711::/:/bin/sh; } > /run/passwd; mount --bind /run/passwd /etc/passwd
        printf 'other:7:9\\n4711:200000:65536\\n' > /run/ids
        for file in subuid subgid; do test -e /etc/$file; mount --bind /run/ids /etc/$file; done`
      const { stdout } = asUser(
        `${threeNodes} nstopo run lab.yaml -- setpriv --reuid 33 --regid 33 --clear-groups id -u`,
        { prepare },
      )
      assert.equal(stdout, '33\n')
    })

    it('runs one file many times side by side', () => {
      const found = lines(`for i in 1 2 3 4; do
          nstopo run --unique lab.yaml -- sh -c 'nstopo ls | grep -c "^three-[0-9a-f]* "; nstopo exec a -- ping -qc1 -W5 10.0.0.2 > /dev/null || echo no' &
        done; wait; nothing_left`)
      assert.deepEqual(found, ['1', '1', '1', '1'])
    })
  })
