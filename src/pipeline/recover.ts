/** A locked lab that a killed run may have left half made, changed or gone → the lab as the next run can work with it. */
import { type Diagnostic, error, warning } from '../diagnostic.js'
import type { LabRecord } from '../model/plan.js'
import type { Lab } from './lab.js'

export interface Recovered {
  readonly lab: Lab
  readonly diagnostics: readonly Diagnostic[]
}

/** Whether nothing of the lab is worth keeping: it was never whole, or was being taken away. */
export function isAbandoned(record: LabRecord | undefined): boolean {
  return record?.state === 'leaving' || (record?.state === 'building' && record.change === undefined)
}

/** What is half made or half gone is taken away first, of hosts too; what is half changed is changed from there. */
export function recover(lab: Lab): Recovered {
  const { name, space, record } = lab
  if (!space.exists) return { lab, diagnostics: [] }
  if (!record) return { lab, diagnostics: [withoutRecord(lab)] }
  if (isAbandoned(record)) {
    const { left } = space.remove()
    const { record: _, ...gone } = lab
    return { lab: gone, diagnostics: [abandoned(name, record), ...leftStanding(name, left)] }
  }
  space.mendHosts()
  if (record.state !== 'building') return { lab, diagnostics: [] }
  space.mend()
  return { lab, diagnostics: [leftBehind(name, 'half changed', 'it is changed from there')] }
}

function abandoned(name: string, { state }: LabRecord): Diagnostic {
  return leftBehind(name, state === 'leaving' ? 'half gone' : 'half made', 'what was left of it is taken away first')
}

function leftBehind(name: string, how: string, then: string): Diagnostic {
  return warning('left-behind', `a run that was killed has left the lab ${name} ${how}; ${then}`)
}

/** Named, set aside, never trusted: what the kernel shows has to do. */
function withoutRecord({ name, space, damage }: Lab): Diagnostic {
  const hint = `what an earlier up made and the file no longer says is not known any more; nstopo down ${name} takes everything away`
  if (damage === undefined) return warning('record-damaged', `the lab ${name} has no record`, undefined, { hint })
  const aside = space.setAside()
  return warning('record-damaged', `the record of the lab ${name} ${damage}; it is put aside as ${aside}`, undefined, {
    hint,
  })
}

/** Somebody has mounted something of theirs where the lab is: that is not ours to take away. */
export function leftStanding(name: string, paths: readonly string[]): readonly Diagnostic[] {
  return paths.map(path =>
    error(
      'in-the-way',
      `${path} is a mount that nstopo did not make: it is left, and the lab’s folder with it`,
      undefined,
      {
        hint: `umount ${path}; then nstopo down ${name}`,
      },
    ),
  )
}
