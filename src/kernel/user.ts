/** Lines of /proc/self/uid_map in; whose this process is, as it is known one user namespace further out, out (user_namespaces(7)). */
import { readText } from './limits/figures.js'

/** The user himself, where nothing is mapped, or nobody can know. */
export function user(map = readText('/proc/self/uid_map') ?? '', own = process.getuid?.() ?? 0): number {
  for (const line of map.trim().split('\n')) {
    const [inside = 0, outside = 0, count = 0] = line.trim().split(/\s+/).map(Number)
    if (own >= inside && own < inside + count) return outside + own - inside
  }
  return own
}
