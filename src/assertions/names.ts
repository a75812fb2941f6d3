/** A test in, one line that names it out. */
import type { Assertion, PortTarget } from '../model/assertion.js'

export function nameOf(assertion: Assertion): string {
  const { kind, family } = assertion
  return `${kind}: ${subjectOf(assertion)}${family ? ` over IPv${family}` : ''}`
}

function subjectOf(assertion: Assertion): string {
  switch (assertion.kind) {
    case 'reach':
    case 'unreachable':
      return `${some(assertion.from)} → ${some(assertion.to)}`
    case 'path':
      return `${some(assertion.from)} → ${some(assertion.to)} via ${assertion.via.join(', ')}`
    case 'mtu':
      return `${some(assertion.from)} → ${some(assertion.to)} is ${assertion.is}`
    case 'tcp':
      return `${some(assertion.from)} → ${some(assertion.to.map(portName))}`
    case 'http':
      return `${some(assertion.from)} → ${some(assertion.to.map(portName))}${assertion.path}`
    case 'dns':
      return `${some(assertion.from)} asks for ${assertion.name}`
    case 'throughput':
      return `${assertion.from} → ${assertion.to}`
    case 'run':
      return `${assertion.command.join(' ').slice(0, 60)} in ${some(assertion.in)}`
  }
}

const portName = ({ to, port }: PortTarget) => `${/^[0-9a-f]*:[0-9a-f:]*$/i.test(to) ? `[${to}]` : to}:${port}`

/** The first few. */
function some(names: readonly string[]): string {
  return names.length > 4 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ')
}
