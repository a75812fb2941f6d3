/** Values by name that many nodes share in; out one node's settings, made when somebody asks. */
import type { Sysctl } from '../../model/state.js'

/** As a map of its own it would take 2.5 KiB a node, most of what a lab's state takes. */
export class SharedSettings implements ReadonlyMap<string, Sysctl> {
  private readonly node: string
  readonly shared: ReadonlyMap<string, string>

  constructor(node: string, shared: ReadonlyMap<string, string>) {
    this.node = node
    this.shared = shared
  }

  get size(): number {
    return this.shared.size
  }

  has(name: string): boolean {
    return this.shared.has(name)
  }

  get(name: string): Sysctl | undefined {
    const value = this.shared.get(name)
    return value === undefined ? undefined : this.make(name, value)
  }

  keys(): MapIterator<string> {
    return this.shared.keys()
  }

  values(): MapIterator<Sysctl> {
    return this.all().values()
  }

  entries(): MapIterator<[string, Sysctl]> {
    return this.all()
      .map((setting): [string, Sysctl] => [setting.name, setting])
      .values()
  }

  [Symbol.iterator](): MapIterator<[string, Sysctl]> {
    return this.entries()
  }

  forEach(each: (setting: Sysctl, name: string, map: ReadonlyMap<string, Sysctl>) => void): void {
    for (const setting of this.all()) each(setting, setting.name, this)
  }

  private all(): Sysctl[] {
    const all: Sysctl[] = []
    for (const [name, value] of this.shared) all.push(this.make(name, value))
    return all
  }

  private make(name: string, value: string): Sysctl {
    return { type: 'sysctl', node: this.node, name, value }
  }
}
