/** Stays in a node with one of its threads until somebody writes to it. */
import { readSync, writeSync } from 'node:fs'
import { linux } from '../../../src/kernel/linux.js'

const [lab = '', node = ''] = process.argv.slice(2)
const space = linux().space(lab)
space.readSysctls(node, ['net.ipv4.conf.all.arp_notify', 'net.core.somaxconn'])
writeSync(1, 'there\n')
readSync(0, Buffer.alloc(1))
space.close()
