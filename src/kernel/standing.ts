/** A lab's names in; which nodes of ours stand, and what a killed run has left of their names, out. */
import { list } from './folders.js'
import { netnsFolder } from './home.js'
import { isOwn, type Names, netnsPath, nodeName, pinPath } from './names.js'
import { dropNamespace, isNamespace, name } from './namespaces.js'
import { inodeOf, linkTarget } from './nsfs.js'

/** Every node of ours that has a namespace, all or of some, with its inode; those in our tmpfs first. */
export function findNamespaces(names: Names, only?: ReadonlySet<string>): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  const wanted = (node: string) => nodeName.test(node) && (!only || only.has(node))
  for (const node of list(`${names.folder}/ns`)) if (wanted(node)) add(found, names, [node, pinPath(names, node)])
  for (const node of namesIn(netnsFolder, `${names.lab}.`))
    if (wanted(node) && !found.has(node)) add(found, names, [node, netnsPath(names, node)])
  return found
}

function add(found: Map<string, number>, names: Names, [node, path]: readonly [string, string]): void {
  const inode = inodeOf(path)
  if (isOwn(names, node, inode)) found.set(node, inode!)
}

/** The nodes whose link in /run/netns leads into the lab's tmpfs, dangling or not. */
export function linkedNames(names: Names): readonly string[] {
  const nodes = namesIn(netnsFolder, `${names.lab}.`)
  return nodes.filter(node => linkTarget(netnsPath(names, node)) === pinPath(names, node))
}

/** The nodes whose names stand in a folder after a prefix. */
function namesIn(folder: string, prefix: string): readonly string[] {
  const entries = list(folder).filter(entry => entry.startsWith(prefix))
  return entries.map(entry => entry.slice(prefix.length)).filter(node => nodeName.test(node))
}

/** Makes what a killed run has left of names fit again: every pin of ours has its link, every link and mark its pin. */
export function mendNames(names: Names): void {
  const standing = findNamespaces(names)
  for (const node of [...linkedNames(names), ...list(`${names.folder}/ns`), ...list(`${names.folder}/id`)])
    if (nodeName.test(node) && !standing.has(node) && !isNamespace(pinPath(names, node))) dropNamespace(names, node)
  for (const node of standing.keys()) if (isNamespace(pinPath(names, node))) name(names, node)
}
