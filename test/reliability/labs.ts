/** The labs that the drivers bring up, each as two texts: what a file says first, and what it says later. */
export interface Files {
  readonly first: string
  readonly later: string
}

/** Every kind of resource in a few nodes; later something of each comes, changes or goes. */
export const everything: Files = {
  first: `
addressing: { loopbacks: 10.255.0.0/24 }
routing: shortest-path
nodes:
  h1:
    sysctls: { net.ipv4.tcp_keepalive_time: 60 }
    neighbors: [{ to: 10.0.1.9, mac: "02:00:00:00:00:09", dev: eth0 }]
  h2: { interfaces: { mac1: { kind: macvlan, parent: eth0, mode: bridge, addresses: 10.0.2.77/24 } } }
  r1:
    kind: router
    interfaces:
      vx7: { kind: vxlan, id: 7, local: 10.0.3.1, remote: 10.0.3.2, addresses: 10.0.7.1/24 }
      tap0: { kind: tap }
    routes: [{ to: 10.200.0.0/16, via: 10.0.3.2 }, { to: 10.201.0.0/16, type: blackhole, table: 100 }]
    rules: [{ from: 10.0.1.0/24, table: 100, priority: 1000 }]
  r2: { kind: router, interfaces: { vx7: { kind: vxlan, id: 7, local: 10.0.3.2, remote: 10.0.3.1 }, tun0: { kind: tun } } }
links:
  - [h1:eth0 10.0.1.1/24 fd00:1::1/64, r1:lan 10.0.1.254/24 fd00:1::ff/64]
  - { name: sw, endpoints: [h2:eth0, r2:lan], subnet: 10.0.2.0/24, gateway: r2 }
  - [r1:wan 10.0.3.1/24 fd00:3::1/64, r2:wan 10.0.3.2/24 fd00:3::2/64]
`,
  later: `
addressing: { loopbacks: 10.255.0.0/24 }
routing: shortest-path
nodes:
  h1: { sysctls: { net.ipv4.tcp_keepalive_time: 90, net.ipv4.tcp_keepalive_intvl: 5 } }
  h3: { neighbors: [{ to: 10.0.4.9, mac: "02:00:00:00:00:0a", dev: eth0 }] }
  r1:
    kind: router
    interfaces:
      vx7: { kind: vxlan, id: 8, local: 10.0.3.1, remote: 10.0.3.2, addresses: 10.0.7.1/24 }
      tap1: { kind: tap }
    routes: [{ to: 10.200.0.0/16, via: 10.0.1.1 }, { to: 10.202.0.0/16, type: unreachable, table: 100 }]
    rules: [{ from: 10.0.1.0/24, table: 100, priority: 1001 }]
  r2: { kind: router, interfaces: { mac1: { kind: macvlan, parent: wan, addresses: 10.0.3.22/24 } } }
links:
  - { endpoints: [h1:eth0 10.0.1.7/24 fd00:1::7/64, r1:lan 10.0.1.254/24 fd00:1::ff/64], mtu: 1400 }
  - [h3:eth0 10.0.4.1/24, r2:new 10.0.4.2/24]
  - [r1:wan 10.0.3.1/24 fd00:3::1/64, r2:wan 10.0.3.2/24 fd00:3::3/64]
`,
}

/** Hosts with all that they can have; later something of each comes, changes or goes. */
export const hosted: Files = {
  first: `
nodes:
  web:
    hostname: web.example
    isolate: [mount, pid, ipc]
    limits: { memory: 64mb, pids: 50 }
    hosts: auto
    files:
      /etc/motd: { content: "first\\n" }
      /etc/no-such/file: { content: "x\\n" }
      /var/log: { tmpfs: 1mb }
    processes:
      idle: { command: [sleep, "1001"] }
      second: { command: [sh, -c, "echo up; exec sleep 1002"], ready: { log: up }, needs: [idle] }
  db: { limits: { pids: 40 }, processes: { idle: { command: [sleep, "1003"] } } }
  own: { isolate: [mount, pid, user], users: { map: "0 100000 1000" }, files: { /etc/motd: { content: "own\\n" } } }
  plain: {}
links:
  - [web:eth0 10.0.1.1/24, db:eth0 10.0.1.2/24]
  - [own:eth0 10.0.2.1/24, plain:eth0 10.0.2.2/24]
`,
  later: `
nodes:
  web:
    hostname: www.example
    isolate: [mount, pid, ipc]
    limits: { memory: 96mb }
    hosts: auto
    files:
      /etc/motd: { content: "later\\n", mode: "0600" }
      /var/log: { tmpfs: 2mb }
      /var/log/file: { content: "y\\n" }
    processes:
      idle: { command: [sleep, "1001"] }
      third: { command: [sleep, "1004"], needs: [idle] }
  db: { isolate: [mount, pid], limits: { pids: 30 }, processes: { idle: { command: [sleep, "1003"] } } }
  new: { isolate: [pid], time: { boottime: +7d } }
  plain: { isolate: [mount] }
links:
  - [web:eth0 10.0.1.1/24, db:eth0 10.0.1.3/24]
  - [new:eth0 10.0.2.1/24, plain:eth0 10.0.2.2/24]
`,
}

/** Routers in a row, of which a tenth goes later and as many come: from a hundred on, nstopo has a second thread help. */
export function row(count: number): Files {
  const names = (from: number) => Array.from({ length: count }, (_, index) => `n${from + index}`)
  return { first: rowOf(names(0), 1500), later: rowOf(names(Math.ceil(count / 10)), 1400) }
}

function rowOf(names: readonly string[], mtu: number): string {
  const cables = names.slice(1).map((name, index) => {
    const net = `10.${Number(name.slice(1)) >> 8}.${Number(name.slice(1)) & 255}`
    return `  - { endpoints: [${names[index]} ${net}.1/24, ${name} ${net}.2/24], mtu: ${mtu} }`
  })
  const nodes = names.map(name => `  ${name}: { kind: router, sysctls: { net.ipv4.tcp_keepalive_time: ${mtu} } }`)
  return ['nodes:', ...nodes, 'links:', ...cables, ''].join('\n')
}

/** The names of the nodes, the switches that LANs make too, as nstopo says them. */
export const nodesOf = (files: Files): Readonly<Record<keyof Files, readonly string[]>> => ({
  first: namesIn(files.first),
  later: namesIn(files.later),
})

function namesIn(text: string): readonly string[] {
  const nodes = text.slice(text.indexOf('nodes:'), text.indexOf('links:')).matchAll(/^ {2}(\w+):/gm)
  const switches = text.matchAll(/\{ name: (\w+)/g)
  return [...nodes, ...switches].map(([, name = '']) => name)
}
