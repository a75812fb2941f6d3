/** A text in; nothing out, but a failure where a part of the compiler throws or points beside the text. */
import assert from 'node:assert/strict'
import { compile } from '../../src/pipeline.js'
import { diagnosticJson, renderDiagnostics } from '../../src/render/diagnostics.js'

/** Runs everything that looks at a text; what it says has to lie inside of it. Whether it is a topology. */
export function survives(text: string): boolean {
  const { document, diagnostics, value } = compile({
    text,
    label: 'x',
    variables: { X: '1' },
    environment: { Y: '${X}' },
  })
  const lines = text.split('\n').length
  renderDiagnostics(diagnostics, document, { colour: true })
  for (const each of diagnostics) {
    const { line = 1, column = 1, endLine = line } = diagnosticJson(each, document)
    assert.ok(line >= 1 && column >= 1 && endLine >= line && endLine <= lines)
  }
  assert.ok(value !== undefined || diagnostics.some(({ severity }) => severity === 'error'))
  return value !== undefined
}
