/** A lab and its nodes in; what was heard of them since one last asked, as soon as it is quiet, out. */
import { listenTo, type Wanted } from './events.js'
import type { Heard, Listening } from './kernel.js'
import { pause } from './pause.js'
import { type Whereabouts, watchPlaces } from './whereabouts.js'

/** Milliseconds: what belongs together comes within so few of each other, and nobody waits for the end longer than that. */
const quiet = 50
const longest = 1000

/** @throws SystemError where this machine has too few watches, or does not let us listen */
export function listening(places: Whereabouts, wanted: Wanted): Listening {
  const basket = heardSoFar()
  const names = watchPlaces(places, basket.named)
  let events: { close(): void }
  try {
    events = listenTo(wanted, basket)
  } catch (error) {
    names.close()
    throw error
  }
  return {
    async next(within, signal) {
      if (!basket.any()) await pause({ milliseconds: within, signal, alarm: basket.alarm })
      if (basket.any()) await settle(basket, signal)
      return basket.take()
    },
    close() {
      names.close()
      events.close()
    },
  }
}

type Basket = ReturnType<typeof heardSoFar>

function heardSoFar() {
  let nodes = new Set<string>()
  let [overflow, names, count] = [false, false, 0]
  let wake = () => {}
  const stir = () => {
    count++
    wake()
  }
  return {
    happened(node: string) {
      nodes.add(node)
      stir()
    },
    overflow() {
      overflow = true
      stir()
    },
    named() {
      names = true
      stir()
    },
    any: () => nodes.size > 0 || overflow || names,
    count: () => count,
    alarm(ring: () => void) {
      wake = ring
    },
    take(): Heard {
      const heard = { nodes, overflow, names }
      nodes = new Set()
      overflow = names = false
      return heard
    },
  }
}

async function settle(basket: Basket, signal: AbortSignal | undefined): Promise<void> {
  const end = performance.now() + longest
  for (let before = -1; before !== basket.count() && performance.now() < end && !signal?.aborted; ) {
    before = basket.count()
    await pause({ milliseconds: quiet, signal })
  }
}
