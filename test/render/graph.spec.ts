import assert from 'node:assert/strict'
import { renderDot, renderGraph, renderMermaid } from '../../src/render/graph.js'
import { network } from './values.js'

describe('render: a picture', () => {
  it('as text shows every interface, its addresses and what it leads to', () => {
    assert.equal(
      renderGraph(network, { colour: false }),
      `pair: 2 nodes, 1 link

h1 host role=a "b" <c>
└─ eth0    10.0.0.1/24  ── gw:lan"0 10.0.0.2/24

gw router
└─ lan"0    10.0.0.2/24  ── h1:eth0 10.0.0.1/24
`,
    )
  })

  it('as Mermaid lets no name be taken for syntax or HTML', () => {
    assert.equal(
      renderMermaid(network),
      `graph LR
  n0["h1<br>role=a #34;b#34; #60;c#62;"]
  n1("gw")
  n0 ---|"eth0 10.0.0.1/24 — lan#34;0 10.0.0.2/24"| n1
`,
    )
  })

  it('as DOT quotes and escapes every name', () => {
    assert.equal(
      renderDot(network),
      `graph "pair" {
  node [fontname="sans-serif"];
  edge [fontname="sans-serif", fontsize=10];
  "h1" [shape=box, label="h1\\nrole=a \\"b\\" <c>"];
  "gw" [shape=box, style=rounded, label="gw"];
  "h1" -- "gw" [label="h1:eth0 10.0.0.1/24\\ngw:lan\\"0 10.0.0.2/24"];
}
`,
    )
  })
})
