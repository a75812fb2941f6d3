/** Work in, to be done when this process is about to become another program: the last moment for it. */
let work = (): void => {}

export function beforeLeaving(chosen: () => void): void {
  work = chosen
}

export function leaving(): void {
  work()
}
