/** What is wrong or doubtful in a topology, or refused by the kernel: values, never exceptions. */
import type { Path } from './model/document.js'

/** Where in the YAML: a path into it (its value, or its key), or a range of character offsets. */
export type Spot =
  | { readonly path: Path; readonly key?: boolean }
  | { readonly range: readonly [start: number, end: number] }

/** Every code that nstopo reports, with the sentence that the manual explains it by. */
export const codes = {
  'file-unreadable': 'the file cannot be read, is too large, or is not UTF-8 text',
  'yaml-syntax': 'the text is not YAML 1.2',
  'yaml-surprise': 'YAML turned what was meant into something else',
  'yaml-unsupported': 'several documents, a custom tag or an old YAML version',
  'yaml-bomb': 'aliases, merges, nesting, variables or groups that grow without bound',
  'duplicate-key': 'a key stands twice in one mapping',
  'unknown-key': 'a key that does not exist here',
  'missing-key': 'a key that must be there',
  'wrong-type': 'a value of another type than its field wants',
  'bad-value': 'a value that its field does not take',
  'bad-name': 'a name that a lab, node or interface cannot have',
  'unset-variable': 'a variable without a value',
  'unit-missing': 'a bare number where a unit belongs',
  'unknown-node': 'a node that the file does not have',
  'unknown-group': 'a group that the file does not have',
  'unknown-interface': 'an interface that the node does not have',
  'duplicate-interface': 'an interface declared twice',
  'duplicate-name': 'a name that is taken',
  'duplicate-address': 'the same address twice in one node',
  'bad-address': 'no address, prefix or MAC address, or none that an interface can have',
  'unreachable-gateway': 'a next hop that no interface of the node reaches',
  'subnet-full': 'more ends than the subnet has addresses',
  'pool-full': 'more segments or nodes than the pool has room for',
  'mtu-too-small': 'an MTU under 1280 where IPv6 is wanted',
  'too-many-ports': 'more ports than a bridge takes',
  'switch-loop': 'a loop of switches without stp',
  'bad-route': 'a route that contradicts itself',
  'bad-rule': 'a rule that contradicts itself',
  'bad-sysctl': 'a sysctl that would leave its folder, or that is not a namespace’s own',
  'unknown-process': 'a process that no node has',
  'process-loop': 'processes that wait for each other',
  'hostname-taken': 'a hostname that another node has',
  'address-twice-in-segment': 'an address on two nodes of one segment',
  'mac-twice-in-segment': 'a MAC address on two nodes of one segment',
  'subnet-mismatch': 'ends of a segment in different subnets, or an address outside of its subnet',
  'mtu-mismatch': 'an MTU that differs over a link',
  'names-shift': 'an insertion that shifts automatic interface names of a running lab',
  'subnets-overlap': 'overlapping subnets where routes are computed',
  'empty-table': 'a rule whose table is empty',
  'lonely-node': 'a node without links',
  'stranded-host': 'a host that reaches nothing but its own LAN though a router stands there',
  'lab-in-parts': 'a lab in several parts where routes are computed',
  'kernel-refused': 'the kernel refused an operation',
  'not-ready': 'a process that did not become ready, or could not be ended',
  'in-the-way': 'something that nstopo did not make stands in the way',
  'other-file': 'a running lab that came from another file',
  'not-up': 'a lab that is not up',
  'lines-missing': 'a log that is written over before it is read',
  'not-copied': 'a file or folder that could not be copied, or was left out',
  'not-found': 'a file, lab or node that is not there',
  'not-permitted': 'the user may not do this',
  'lab-busy': 'another run holds the lab',
  'left-behind': 'something that a killed run has left',
  'record-damaged': 'a lab whose record is damaged, cut off, or not its own',
  'not-undone': 'a change that could not be taken back',
  'limit-reached': 'the machine has too little of something, or lacks it, for what is to be done; nothing is touched',
  'limit-near': 'the machine has so little of something that what is to be done may go badly',
  'still-held': 'a namespace that something else keeps alive',
  'plan-outdated': 'the kernel has changed since the plan was made',
  'bad-usage': 'a command line that does not say what to do',
  'not-usable': 'a link, an address, a route or a process that was not usable in the time that up was to wait',
  interrupted: 'a signal ended the run',
} as const satisfies Record<string, string>

export type Code = keyof typeof codes

export interface Diagnostic {
  readonly code: Code
  readonly severity: 'error' | 'warning'
  /** In the user's words, without the place: it is printed before. */
  readonly message: string
  readonly at?: Spot
  /** Further places that belong to it, such as the first of two declarations, each with a few words. */
  readonly also?: readonly { readonly at: Spot; readonly message: string }[]
  /** The last lines of a program that it is about. */
  readonly output?: readonly string[]
  /** The fix, where one is known. */
  readonly hint?: string
}

/** A value or the errors that stand in its way; warnings may come with either. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T; readonly diagnostics: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

export function error(
  code: Code,
  message: string,
  at?: Spot | Path,
  more: Pick<Diagnostic, 'hint' | 'also' | 'output'> = {},
): Diagnostic {
  return diagnostic('error', code, message, at, more)
}

export function warning(
  code: Code,
  message: string,
  at?: Spot | Path,
  more: Pick<Diagnostic, 'hint' | 'also' | 'output'> = {},
): Diagnostic {
  return diagnostic('warning', code, message, at, more)
}

function diagnostic(
  severity: Diagnostic['severity'],
  code: Code,
  message: string,
  at: Spot | Path | undefined,
  more: object,
): Diagnostic {
  const spot = at === undefined ? {} : { at: 'length' in at ? { path: at } : at }
  return { code, severity, message, ...spot, ...more }
}

/** The value with its warnings, unless one of the diagnostics is an error. */
export function outcome<T>(value: T, diagnostics: readonly Diagnostic[]): Outcome<T> {
  return diagnostics.some(d => d.severity === 'error') ? { ok: false, diagnostics } : { ok: true, value, diagnostics }
}

/** Ends a switch over a closed union: a new member is then a type error. */
export function unreachable(value: never): never {
  throw new Error(`not reachable: ${JSON.stringify(value)}`)
}
