/** The namespaces of nodes in, text for people out. */
import type { NamespaceReport, NodeNamespace } from '../model/report.js'
import { paint } from './paint.js'
import { plain, table } from './table.js'

/** Programs that a line names; the others are counted. */
const named = 3

/** Node by node: the types and inodes as lsns(8) has them, whose each is, and who is in it. */
export function renderNamespaces({ nodes }: NamespaceReport, { colour }: { readonly colour: boolean }): string {
  const colours = paint(colour)
  const blocks = nodes.map(({ node, init, namespaces }) => {
    const head = `${colours.strong(node)}${init === undefined ? '' : ` ${colours.faint(`init ${init}`)}`}`
    return [
      head,
      ...table(
        namespaces.map(one => rowOf(one, namespaces)),
        '  ',
      ),
    ].join('\n')
  })
  return `${blocks.join('\n\n')}\n`
}

function rowOf(one: NodeNamespace, all: readonly NodeNamespace[]): readonly string[] {
  const anew = all.every(({ type, entered }) => type !== one.type || !entered)
  return [one.type, `${one.inode}`, whose(one, anew), programs(one)]
}

/** In plain words. @param anew whether one is made for who enters */
function whose({ entered, machine, nodes, programs }: NodeNamespace, anew: boolean): string {
  if (machine) return anew ? 'the machine’s; who enters gets another' : 'the machine’s'
  if (nodes.length > 0) return `shared with ${nodes.join(', ')}`
  return entered ? 'its own' : `of ${programs.length === 1 ? 'a program' : 'programs'} in it`
}

function programs({ programs }: NodeNamespace): string {
  const shown = programs.slice(0, named).map(({ pid, command }) => `${pid} ${shortened(plain(command))}`)
  const rest = programs.length - shown.length
  return [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ')
}

function shortened(command: string): string {
  const letters = [...command]
  return letters.length > 40 ? `${letters.slice(0, 39).join('')}…` : command
}
