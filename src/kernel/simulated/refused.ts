/** An errno's name → what a simulated call or message is refused with. */
import { SystemError } from '../kernel.js'

/** strerror(3)'s words. */
const texts: Readonly<Record<string, string>> = {
  EACCES: 'Permission denied',
  EADDRNOTAVAIL: 'Cannot assign requested address',
  EBADF: 'Bad file descriptor',
  EBUSY: 'Device or resource busy',
  EEXIST: 'File exists',
  EHOSTUNREACH: 'No route to host',
  EINVAL: 'Invalid argument',
  ELOOP: 'Too many levels of symbolic links',
  ENETDOWN: 'Network is down',
  ENETUNREACH: 'Network is unreachable',
  ENODEV: 'No such device',
  ENOENT: 'No such file or directory',
  EOPNOTSUPP: 'Operation not supported',
  ESRCH: 'No such process',
}

/** A message that is refused, with the kernel's own words where it has some. */
export class Refused extends Error {
  constructor(
    readonly errno: string,
    readonly words?: string,
  ) {
    super(words ?? errno)
  }

  get text(): string {
    return textOf(this.errno)
  }
}

export const textOf = (errno: string): string => texts[errno] ?? errno

export function failed(operation: string, errno: string): SystemError {
  return new SystemError(operation, errno, textOf(errno))
}
