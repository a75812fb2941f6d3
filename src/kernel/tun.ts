/** Makes tap and tun interfaces in the namespace that the thread is in (Documentation/networking/tuntap.rst). */
import { constants } from 'node:fs'
import {
  IFF_NO_PI,
  IFF_TAP,
  IFF_TUN,
  O_CLOEXEC,
  TUNSETIFF,
  TUNSETIFINDEX,
  TUNSETOWNER,
  TUNSETPERSIST,
} from '../../native/constants.js'
import { close, ioctl, ioctlNumber, open } from '../../native/libc.js'
import { checked } from './errors.js'
import type { Device } from './kernel.js'

/** @throws SystemError */
export function createTun({ name, mode, index, owner }: Device): void {
  const fd = checked(open('/dev/net/tun', constants.O_RDWR | O_CLOEXEC, 0), 'open /dev/net/tun')
  try {
    const make = `make the ${mode} interface ${name}`
    const number = Buffer.alloc(4)
    number.writeUInt32LE(index)
    checked(ioctl(fd, TUNSETIFINDEX, number), make)
    checked(ioctl(fd, TUNSETIFF, interfaceRequest(name, (mode === 'tap' ? IFF_TAP : IFF_TUN) | IFF_NO_PI)), make)
    if (owner !== undefined) checked(ioctlNumber(fd, TUNSETOWNER, owner), `give ${name} to user ${owner}`)
    // Without this it would go with the descriptor.
    checked(ioctlNumber(fd, TUNSETPERSIST, 1), `keep the interface ${name}`)
  } finally {
    close(fd)
  }
}

/** struct ifreq: the name, then the flags (netdevice(7)). */
function interfaceRequest(name: string, flags: number): Buffer {
  const request = Buffer.alloc(40)
  request.write(name, 0, 15, 'latin1')
  request.writeInt16LE(flags, 16)
  return request
}
