/** `--timings`, `--profile FILE` and a start's marks in; who tells where the time went out. Loaded only when asked for. */
import { timed } from '../../src/kernel/timed.js'
import { type Recorder, recorder } from '../../src/pipeline/recorder.js'
import { renderProfile } from '../../src/render/profile.js'
import { renderTimings, timingsOf } from '../../src/render/timings.js'
import { version } from '../../src/version.js'
import { colourOf, report } from './output.js'
import { openProfile } from './profile-file.js'
import { Refused } from './refused.js'
import type { Marks, Watch } from './timing.js'

export interface WatchFlags {
  readonly timings?: boolean
  readonly profile?: string
}

/** As sysexits.h has it: EX_IOERR. */
const unwritten = 74

/** @throws Refused when the trace's file can't be written */
export function watcher(command: string, flags: WatchFlags, marks: Marks): Watch {
  const file = flags.profile === undefined ? undefined : openProfile(flags.profile)
  if (file && 'problem' in file) throw new Refused(file.problem)
  const trace = startOf(marks)
  let wanted = flags.timings === true
  let open = file
  return {
    trace,
    kernel: kernel => timed(kernel, trace),
    document() {
      if (!wanted) return undefined
      wanted = false
      return timingsOf(trace.spans(), trace.now())
    },
    end(status) {
      if (wanted)
        process.stderr.write(renderTimings(timingsOf(trace.spans(), trace.now()), { colour: colourOf(process.stderr) }))
      const problem = open?.write(renderProfile(trace.spans(), { command, version, pid: process.pid }))
      wanted = false
      open = undefined
      if (!problem) return status
      report([problem], undefined, {})
      return status === 0 ? unwritten : status
    },
  }
}

/** What was over before anybody could ask for a trace. */
function startOf({ begun, loaded }: Marks): Recorder {
  const trace = recorder()
  trace.add({ name: 'start Node.js', category: 'phase' }, 0, begun)
  trace.add({ name: 'load the command', category: 'phase' }, begun, loaded)
  trace.add({ name: 'read the flags', category: 'phase' }, loaded, trace.now())
  return trace
}
