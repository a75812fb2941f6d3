/** What is kept of a lab that is up ↔ what it was made from. */
import type { Source } from '../model/document.js'
import type { LabRecord } from '../model/plan.js'
import type { Compiled } from '../model/report.js'
import { traced } from '../model/trace.js'
import { version } from '../version.js'
import { compile } from './compile.js'
import type { Lab } from './lab.js'

/** The source that was applied last, with the variables that it used then. */
export function sourceOf(record: LabRecord): Source {
  const { text, path, label, variables, assigned } = record.source
  return {
    text,
    label,
    name: record.lab,
    variables,
    environment: {},
    assigned,
    ...(path === undefined ? {} : { path }),
  }
}

/** What was applied last, compiled again. */
export function appliedOf({ record, kernel: { trace } }: Lab): Compiled | undefined {
  return record && traced(trace, 'compile the record', () => compile(sourceOf(record), trace).value)
}

/** The record of a lab that is, or is about to be, as `compiled` says. */
export function recordOf(
  { document, network }: Compiled,
  { name, kernel, space, record }: Lab,
  state: LabRecord['state'],
): LabRecord {
  const { text, path, label } = document.source
  return {
    ...{ version: 1, lab: name, boot: kernel.bootId(), mountNamespace: kernel.mountNamespace(), state },
    source: {
      text,
      label,
      variables: document.used,
      assigned: network.assigned,
      ...(path === undefined ? {} : { path }),
    },
    nodes: Object.fromEntries(space.nodes()),
    links: network.wires.length,
    created: record?.created ?? Date.now(),
    owner: process.getuid?.() ?? 0,
    by: version,
  }
}
