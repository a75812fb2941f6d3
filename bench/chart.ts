/** Times by shape, tool and size in; an SVG of log–log lines out, readable on light and on dark ground. */

export interface Line {
  readonly name: string
  /** Nodes and milliseconds. */
  readonly points: readonly (readonly [nodes: number, ms: number])[]
}

export interface Panel {
  readonly title: string
  readonly lines: readonly Line[]
}

/** Middle tones, told apart on white and on near-black. */
const colours: Readonly<Record<string, string>> = {
  nstopo: '#e4572e',
  floor: '#8a94a6',
  'floor, two threads': '#5f7a8c',
  'prepared bytes': '#8a94a6',
  'ip -batch': '#2fa36b',
  'ip script': '#1f9fb5',
  pyroute2: '#5b8def',
  Mininet: '#a05fd6',
  munet: '#b07d2b',
}
const colourOf = (name: string) => colours[name] ?? '#d6499a'
const size = { width: 290, height: 300, left: 60, top: 34, gap: 40, legend: 170 }

export function chart(panels: readonly Panel[]): string {
  const names = [...new Set(panels.flatMap(({ lines }) => lines.map(({ name }) => name)))]
  const points = panels.flatMap(({ lines }) => lines.flatMap(line => line.points))
  const scale = scales(points)
  const width = size.left + panels.length * (size.width + size.gap) + size.legend
  const height = size.top + size.height + 44
  const drawn = panels.map((panel, i) => drawPanel(panel, i, scale))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" font-family="sans-serif" font-size="12">`,
    '<title>Time of up by tool and number of nodes, both axes logarithmic</title>',
    '<style>text{fill:#333}.grid{stroke:#8884;fill:none}.line{fill:none;stroke-width:2}',
    '@media(prefers-color-scheme:dark){text{fill:#ccc}}</style>',
    ...drawn,
    legend(names, size.left + panels.length * (size.width + size.gap)),
    '</svg>',
    '',
  ].join('\n')
}

interface Scale {
  readonly x: (nodes: number) => number
  readonly y: (ms: number) => number
  readonly nodes: readonly number[]
  readonly times: readonly number[]
}

/** Whole powers of ten around all points. */
function scales(points: readonly (readonly [number, number])[]): Scale {
  const axis = (values: readonly number[]) => {
    const from = Math.floor(Math.log10(Math.min(...values)))
    return { from, to: Math.max(from + 1, Math.ceil(Math.log10(Math.max(...values)))) }
  }
  const [across, up] = [axis(points.map(([nodes]) => nodes)), axis(points.map(([, ms]) => ms))]
  const powers = ({ from, to }: { from: number; to: number }) =>
    Array.from({ length: to - from + 1 }, (_, i) => 10 ** (from + i))
  return {
    x: nodes => ((Math.log10(nodes) - across.from) / (across.to - across.from)) * size.width,
    y: ms => size.height - ((Math.log10(ms) - up.from) / (up.to - up.from)) * size.height,
    nodes: powers(across),
    times: powers(up),
  }
}

function drawPanel({ title, lines }: Panel, index: number, scale: Scale): string {
  const left = size.left + index * (size.width + size.gap)
  return [
    `<g transform="translate(${left} ${size.top})">`,
    `<text x="0" y="-12" font-weight="bold">${escaped(title)}</text>`,
    ...scale.nodes.map(n => gridX(scale.x(n), n)),
    ...scale.times.map(ms => gridY(scale.y(ms), index === 0 ? timeWords(ms) : '')),
    ...lines.map(line => drawLine(line, scale)),
    '</g>',
  ].join('\n')
}

const gridX = (x: number, nodes: number) =>
  `<path class="grid" d="M${round(x)} 0V${size.height}"/><text x="${round(x)}" y="${size.height + 18}" text-anchor="middle">${nodes}</text>`

const gridY = (y: number, words: string) =>
  `<path class="grid" d="M0 ${round(y)}H${size.width}"/>${words && `<text x="-8" y="${round(y + 4)}" text-anchor="end">${words}</text>`}`

function drawLine({ name, points }: Line, { x, y }: Scale): string {
  const stroke = colourOf(name)
  const way = points.map(([nodes, ms], i) => `${i === 0 ? 'M' : 'L'}${round(x(nodes))} ${round(y(ms))}`).join('')
  const dots = points.map(([nodes, ms]) => {
    const words = `${name}: ${nodes} nodes in ${timeWords(ms)}`
    return `<circle cx="${round(x(nodes))}" cy="${round(y(ms))}" r="3.5" fill="${stroke}"><title>${escaped(words)}</title></circle>`
  })
  return `<path class="line" stroke="${stroke}" ${dashed(name)}d="${way}"/>${dots.join('')}`
}

/** What is no tool that somebody would use. */
const dashed = (name: string) => (/^(floor|prepared)/.test(name) ? 'stroke-dasharray="5 4" ' : '')

function legend(names: readonly string[], x: number): string {
  const row = (name: string, i: number) => {
    const y = size.top + 10 + i * 22
    const line = `<path class="line" stroke="${colourOf(name)}" ${dashed(name)}d="M${x} ${y}h22"/>`
    return `${line}<text x="${x + 30}" y="${y + 4}">${escaped(name)}</text>`
  }
  return names.map(row).join('\n')
}

const round = (value: number) => Math.round(value * 10) / 10
const timeWords = (ms: number) => (ms >= 1000 ? `${+(ms / 1000).toPrecision(3)} s` : `${+ms.toPrecision(3)} ms`)
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
