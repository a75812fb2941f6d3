/** What a node and an interface may be called: names in, diagnostics out. */
import { type Diagnostic, error } from '../../diagnostic.js'
import type { Path } from '../../model/document.js'

/** The kernel's IFNAMSIZ (linux/if.h) less the zero at its end. */
const longestInterface = 15

/** `what` is what the user would call it: `a node`, `a LAN`. */
export function checkNodeName(name: string, what: string, at: { path: Path; key?: boolean }): Diagnostic | undefined {
  if (name === 'host') {
    const hint = 'call it h1, say'
    return error('bad-name', `${what} cannot be called \`host\`: that is kept for the machine itself`, at, { hint })
  }
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/.test(name)) return undefined
  const hint = 'letters, digits, hyphens and underscores, at most 63, the first a letter or a digit'
  return error('bad-name', `\`${printable(name)}\` cannot name ${what}`, at, { hint })
}

/** What nearly every name is: nothing of it needs a second look. */
const usual = /^(?!all$|default$)[A-Za-z][A-Za-z0-9_-]{0,14}$/

/** What the kernel takes (dev_valid_name, net/core/dev.c; sysctl_dev_name_is_allowed), without `%`. */
export function checkInterfaceName(name: string, at: { path: Path; key?: boolean }): Diagnostic | undefined {
  if (usual.test(name)) return undefined
  const refuse = (message: string, hint: string) => error('bad-name', message, at, { hint })
  const shown = `\`${printable(name)}\``
  if (name.includes('/') && /^[0-9a-f.:]+\/\d+$/i.test(name))
    return refuse(`${shown} is no interface`, `an address follows after a blank: \`h1 ${name}\`, \`h1:eth0 ${name}\``)
  const bytes = Buffer.from(name)
  if (bytes.length > longestInterface)
    return refuse(
      `the interface name ${shown} has ${bytes.length} characters; the kernel takes ${longestInterface}`,
      `\`${shorten(name)}\` would fit`,
    )
  if (name === '' || name === '.' || name === '..' || name === 'all' || name === 'default')
    return refuse(`${shown} cannot name an interface`, 'the kernel keeps this name to itself')
  // isspace() of the kernel's own ctype table counts 0xa0, which is also a byte of some UTF-8 letters.
  if (/[/:%\s\p{Cc}]/u.test(name) || bytes.includes(0xa0))
    return refuse(`${shown} cannot name an interface`, 'no blanks and none of / : %')
  return undefined
}

/** Keeps what tells names apart: the digits at the end, and the start. */
function shorten(name: string): string {
  const plain = name.replace(/[-_.]/g, '')
  if (Buffer.byteLength(plain) <= longestInterface) return plain
  const tail = /\d{0,6}$/.exec(plain)![0]
  const head = plain.slice(0, plain.length - tail.length).replace(/[^\x21-\x7e]/g, '')
  return (head.slice(0, longestInterface - tail.length) + tail).replace(/^$/, 'eth0')
}

/** Control characters would move a terminal's cursor. */
export const printable = (text: string): string => text.replace(/\p{Cc}/gu, '�')
