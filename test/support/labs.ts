/** Topology files and texts → labs of the test's own names, and always down again. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { down, linux, type Result, renderDiagnostics, type Source, source, up } from '../../src/index.js'

export const kernel = linux()

const programs = /\/(frr|web|fleet|clock|nested)\.yaml$/
const topologies = filesOf('topologies')
/** The shipped topologies, and real backbones where the machine has them beside the project. */
export const shipped = topologies.filter(path => !programs.test(path))
/** Those of them whose nodes are whole hosts: what their programs do is no part of the file. See topologies.spec.ts. */
export const shippedHosts = topologies.filter(path => programs.test(path))
export const zoo = filesOf('../shared/labs/zoo')

function filesOf(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter(name => name.endsWith('.yaml'))
    .sort()
    .map(name => resolve(folder, name))
}

export function fileSource(path: string, name: string): Source {
  return source(readFileSync(path, 'utf8'), { path, label: path, name })
}

/** The value, or a failure that shows the diagnostics. */
export function worked<T>(result: Result<T>): T {
  const text = renderDiagnostics(result.diagnostics, result.document, { colour: false })
  assert.ok(result.value !== undefined && !result.diagnostics.some(d => d.severity === 'error'), text)
  return result.value
}

/** Brings a lab up for the work, and takes it down whatever happens. */
export async function withLab<T>(subject: Source, work: () => Promise<T> | T): Promise<T> {
  try {
    worked(await up(subject, kernel))
    return await work()
  } finally {
    await down(subject.name!, kernel)
  }
}
