/** nstopo cp: files and folders between nodes and the machine. */
import { error } from '../src/diagnostic.js'
import type { Kernel, LabSpace } from '../src/kernel/kernel.js'
import { count } from '../src/render/table.js'
import { NstopoCommand } from './shared/command.js'
import { copy, type End } from './shared/copy/copy.js'
import { nodePlace, machine as onMachine } from './shared/copy/place.js'
import { Args, common, reading, twins } from './shared/flags.js'
import { machine } from './shared/machine.js'
import { finish } from './shared/output.js'
import { refuse } from './shared/run.js'
import type { Read } from './shared/source.js'
import { labOfWord, nodeOf, standing } from './shared/subject.js'

/** A path of the machine that looks like this is written with `./` before it. */
const ofNode = /^([A-Za-z0-9][A-Za-z0-9_-]*):(.*)$/s

export default class Cp extends NstopoCommand {
  static override summary = 'copy files and folders between a node and the machine'
  static override description =
    'As cp -r does: into a folder that is there, else to that name; FOLDER/. is what is in the folder. - is standard ' +
    'input or output. Rights and times are kept, set-user-ID bits are not; what comes into a node belongs to its root. ' +
    'Links in a node lead nowhere outside of its own view, and links in a folder are copied as links. A node without ' +
    'files of its own has the machine’s.'
  static override usage = '[LAB] NODE:PATH DEST | [LAB] SOURCE NODE:PATH'
  static override examples = [
    'nstopo cp branch web:/var/log/http.log .',
    'nstopo cp branch ./frr r1:/etc',
    'nstopo cp web:/etc/hosts - | sort',
  ]
  static override strict = false
  static override args = {
    lab: Args.string({
      ignoreStdin: true,
      name: 'LAB',
      description: 'a lab that is up, or the file that it was made from; two words are SOURCE and DEST, three LAB too',
    }),
    source: Args.string({ ignoreStdin: true, name: 'SOURCE', description: 'NODE:PATH, a path of the machine, or -' }),
    dest: Args.string({ ignoreStdin: true, name: 'DEST', description: 'NODE:PATH, a path of the machine, or -' }),
  }
  static override flags = twins('cp', { name: reading.name, ...common })

  override async run(): Promise<number> {
    const { argv, flags } = await this.parse(Cp)
    const words = argv.map(String)
    const [from, to] = words.slice(-2)
    if (from === undefined || to === undefined || words.length > 3 || !(ofNode.test(from) || ofNode.test(to)))
      return refuse('cp', badUsage(words), flags)
    const kernel = machine()
    const named = await labOfWord(words.length === 3 ? words[0] : undefined, kernel, flags)
    const lab = 'problem' in named ? named : standing(named.value, kernel)
    if ('problem' in lab) return refuse('cp', lab.problem, flags)
    const space = kernel.space(lab.value)
    const [source, dest] = [endOf(from, kernel, space), endOf(to, kernel, space)]
    if ('problem' in source) return refuse('cp', source.problem, flags)
    if ('problem' in dest) return refuse('cp', dest.problem, flags)
    const { copied, diagnostics } = await copy(source.value, dest.value)
    const text = () => (to === '-' ? '' : `${from} → ${to}: ${count(copied.files, 'file')}${folders(copied.folders)}\n`)
    // Standard output is the file's.
    const quietly = to === '-' ? { ...flags, json: false } : flags
    return finish({ command: 'cp', diagnostics, result: { lab: lab.value, from, to, ...copied }, text }, quietly)
  }
}

function folders(number: number): string {
  return number === 0 ? '' : `, ${count(number, 'folder')}`
}

function badUsage(words: readonly string[]) {
  const hint = 'nstopo cp [LAB] NODE:PATH DEST, or nstopo cp [LAB] SOURCE NODE:PATH'
  const message = `cp wants a source and a destination, one of them in a node, not ${words.join(' ') || 'nothing'}`
  return error('bad-usage', message, undefined, { hint })
}

function endOf(word: string, kernel: Kernel, space: LabSpace): Read<End> {
  if (word === '-') return { value: 'stream' }
  const [, node, path] = ofNode.exec(word) ?? []
  if (node === undefined || path === undefined) return { value: { place: onMachine, path: word } }
  const found = nodeOf(space.lab, node, kernel)
  if ('problem' in found) return found
  return { value: { place: nodePlace(space, node), path: path.startsWith('/') ? path : `/${path}` } }
}
