/** What a kind of link is to the rest: a schema fragment in, settings and attributes out. */
import type { Mapping } from '../model/document.js'
import type { AttributeTable } from '../netlink/attributes.js'

export type Setting = string | number | boolean
export type Settings = Readonly<Record<string, Setting>>

/** JSON Schema as plain data, so that it costs nothing at start and TypeScript's types come from it. */
export interface Schema {
  readonly [keyword: string]: unknown
}

export interface LinkKind {
  readonly name: string
  /** One sentence for the manual. */
  readonly summary: string
  /** The keys of its own below `interfaces.NAME`, besides those that every interface has. */
  readonly properties: Readonly<Record<string, Schema>>
  readonly required: readonly string[]
  /** The key that lists interfaces of the same node that become its ports. */
  readonly portsKey?: string
  /** The key that names the interface of the same node that it stands on. */
  readonly parentKey?: string
  /** The attribute of its own that takes that interface's number; IFLA_LINK, which others have for it, is not enough. */
  readonly parentAttribute?: string
  /** How it comes to be: by a message, or by an ioctl on /dev/net/tun; `pair` comes from `links` alone. */
  readonly made: 'message' | 'device' | 'pair'
  readonly hasMac: boolean
  /** Its own settings as the kernel holds them, all of them, from its (validated) keys; a string is what is wrong. */
  settings(keys: Mapping): Settings | string
  /** Bytes, when the file says nothing; `parent` is that of the interface it stands on, or the smallest of its ports. */
  mtu(settings: Settings, parent: number | undefined): number
  /** The layout of IFLA_INFO_DATA, one attribute a setting. */
  readonly attributes?: AttributeTable
  /** An attribute that is set for as long as the kernel itself has other values for these settings. */
  readonly meanwhile?: { readonly attribute: string; readonly settings: readonly string[] }
  /** Settings that the kernel changes in place; the others mean a replacement. */
  readonly mutable: readonly string[]
  /** The settings as words for `ip link add … type KIND`. */
  words(settings: Settings): readonly string[]
}
