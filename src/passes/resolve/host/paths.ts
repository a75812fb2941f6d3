/** Paths as people write them in; as the kernel has them out. */

/** Without `.`, `..`, empty parts and a slash at the end; `base` is what a relative one begins at. */
export function normal(path: string, base = '/'): string {
  const parts: string[] = []
  for (const part of `${path.startsWith('/') ? '' : `${base}/`}${path}`.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}

/** The folder that a file is in. */
export function folderOf(path: string): string {
  return normal(`${path}/..`)
}

export function isBelow(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`)
}

/** Why it can't be the place of a node's file, and what may have been meant; undefined where it can. */
export function unfit(path: string): { readonly why: string; readonly hint?: string } | undefined {
  if (!path.startsWith('/')) return { why: 'is no absolute path', hint: `did you mean \`/${path}\`?` }
  const plain = normal(path)
  if (plain !== path) return { why: 'takes a detour', hint: `write \`${plain}\`` }
  if (path === '/') return { why: 'is the whole of what the node sees', hint: 'name what differs: `/etc/motd`, say' }
  const kernels = ['/proc', '/sys', '/dev'].find(
    folder => path === folder || (folder !== '/dev' && isBelow(path, folder)),
  )
  if (kernels) return { why: `stands where the kernel has its own files, in ${kernels}` }
  return new TextEncoder().encode(path).length >= 4096 ? { why: 'is longer than a path can be' } : undefined
}
