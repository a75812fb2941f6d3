/** System calls by name, through libc: numbers, strings and buffers in; the result out, or the errno as a negative number. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { LibraryHandle } from 'koffi'

export type Argument = number | string | Buffer | null | readonly (string | null)[]

interface Foreign {
  readonly koffi: typeof import('koffi')
  readonly libc: LibraryHandle
  readonly errno: () => number
}

let foreign: Foreign | undefined

/** Loading koffi takes its time, so only who calls the kernel pays for it. */
function load(): Foreign {
  if (!foreign) {
    const koffi = loadKoffi()
    foreign = { koffi, libc: koffi.load(null), errno: () => koffi.errno() }
  }
  return foreign
}

/** Processors as musl names them. */
const processors: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' }

/** Its own front looks for the library that fits: most of the time that it takes to load it. On glibc there is one that does. */
function loadKoffi(): typeof import('koffi') {
  const require = createRequire(import.meta.url)
  const processor = processors[process.arch]
  if (processor === undefined || existsSync(`/lib/ld-musl-${processor}.so.1`)) return require('koffi')
  const name = `@koromix/koffi-linux-${process.arch}/linux_${process.arch}/koffi.node`
  try {
    return createRequire(require.resolve('koffi'))(name)
  } catch {
    return require('koffi')
  }
}

/** Does now what the first call would do otherwise. */
export function prepare(): void {
  load()
}

type Call<A extends readonly Argument[]> = (...args: A) => number

/** A libc function by its C declaration; bound at its first call. errno is read before anything else can run. */
function call<A extends readonly Argument[]>(declaration: string): Call<A> {
  let bound: Call<A> | undefined
  return (...args) => {
    bound ??= load().libc.func(declaration) as Call<A>
    const result = bound(...args)
    return result < 0 ? -load().errno() : result
  }
}

/** A system call that libc may have no name for (musl, glibc before 2.36); these numbers hold on every architecture. */
function numbered<A extends readonly Argument[]>(number: number, parameters: string): Call<A> {
  const bound = call<readonly [number, ...A]>(`long syscall(long, ${parameters})`)
  return (...args) => bound(number, ...args)
}

/** setns(2) */
export const setns = call<[fd: number, type: number]>('int setns(int, int)')
/** unshare(2) */
export const unshare = call<[flags: number]>('int unshare(int)')
/** mount(2); data is text such as `mode=755` */
export const mount = call<
  [source: string | null, target: string, type: string | null, flags: number, data: string | null]
>('int mount(const char *, const char *, const char *, unsigned long, const char *)')
/** umount2(2) */
export const umount2 = call<[target: string, flags: number]>('int umount2(const char *, int)')
/** open(2); returns a descriptor */
export const open = call<[path: string, flags: number, mode: number]>('int open(const char *, int, int)')
/** openat(2) */
export const openat = call<[directory: number, path: string, flags: number, mode: number]>(
  'int openat(int, const char *, int, int)',
)
/** openat2(2); `how` holds a struct open_how of 24 bytes; returns a descriptor */
export const openat2 = numbered<[directory: number, path: string, how: Buffer, size: number]>(
  437,
  'long, const char *, void *, long',
)
/** close(2) */
export const close = call<[fd: number]>('int close(int)')
/** write(2) of a text; size in bytes */
export const write = call<[fd: number, text: string, size: number]>('long write(int, const char *, size_t)')
/** read(2) */
export const read = call<[fd: number, into: Buffer, size: number]>('long read(int, void *, size_t)')
/** symlink(2) */
export const symlink = call<[target: string, path: string]>('int symlink(const char *, const char *)')
/** unlink(2) */
export const unlink = call<[path: string]>('int unlink(const char *)')
/** splice(2) from a pipe to a place in a file; `at` holds its offset in 8 bytes */
export const splice = call<[pipe: number, none: null, file: number, at: Buffer, size: number, flags: number]>(
  'long splice(int, void *, int, void *, size_t, unsigned int)',
)
/** mkfifo(3) */
export const mkfifo = call<[path: string, mode: number]>('int mkfifo(const char *, unsigned int)')
/** readlink(2); returns how many bytes */
export const readlink = call<[path: string, into: Buffer, size: number]>('long readlink(const char *, void *, size_t)')
/** statx(2); `into` is filled with a struct statx of 256 bytes */
export const statx = call<[directory: number, path: string, flags: number, mask: number, into: Buffer]>(
  'int statx(int, const char *, int, unsigned int, void *)',
)
/** fcntl(2) with a number for an argument */
export const fcntl = call<[fd: number, command: number, argument: number]>('int fcntl(int, int, int)')
/** flock(2) */
export const flock = call<[fd: number, operation: number]>('int flock(int, int)')
/** socket(2) */
export const socket = call<[domain: number, type: number, protocol: number]>('int socket(int, int, int)')
/** setsockopt(2) */
export const setsockopt = call<[fd: number, level: number, option: number, value: Buffer, size: number]>(
  'int setsockopt(int, int, int, void *, unsigned int)',
)
/** getsockopt(2); `size` holds the length of `value` as a native int */
export const getsockopt = call<[fd: number, level: number, option: number, value: Buffer, size: Buffer]>(
  'int getsockopt(int, int, int, void *, void *)',
)
/** send(2) */
export const send = call<[fd: number, bytes: Buffer, size: number, flags: number]>(
  'long send(int, void *, size_t, int)',
)
/** recv(2) */
export const recv = call<[fd: number, into: Buffer, size: number, flags: number]>('long recv(int, void *, size_t, int)')
/** recvfrom(2); `address` is filled with a struct sockaddr, `length` holds its size */
export const recvfrom = call<[fd: number, into: Buffer, size: number, flags: number, address: Buffer, length: Buffer]>(
  'long recvfrom(int, void *, size_t, int, void *, void *)',
)
/** connect(2), bind(2); `address` holds a struct sockaddr */
export const connect = call<[fd: number, address: Buffer, size: number]>('int connect(int, void *, unsigned int)')
export const bind = call<[fd: number, address: Buffer, size: number]>('int bind(int, void *, unsigned int)')
/** listen(2) */
export const listen = call<[fd: number, backlog: number]>('int listen(int, int)')
/** recvmsg(2); `header` holds a struct msghdr, see message-room.ts */
export const recvmsg = call<[fd: number, header: Buffer, flags: number]>('long recvmsg(int, void *, int)')
/** ioctl(2) with a pointer, and with a number */
export const ioctl = call<[fd: number, request: number, argument: Buffer]>('int ioctl(int, unsigned long, void *)')
export const ioctlNumber = call<[fd: number, request: number, argument: number]>('int ioctl(int, unsigned long, long)')
/** poll(2); `set` holds struct pollfd; milliseconds */
export const poll = call<[set: Buffer, count: number, timeout: number]>('int poll(void *, unsigned long, int)')
/** getrlimit(2); `limit` is filled with soft and hard, 8 bytes each */
export const getrlimit = call<[resource: number, limit: Buffer]>('int getrlimit(int, void *)')
/** setrlimit(2) */
export const setrlimit = call<[resource: number, limit: Buffer]>('int setrlimit(int, void *)')
/** execve(2); lists end in null; returns only when refused */
export const execve = call<[path: string, argv: readonly (string | null)[], environment: readonly (string | null)[]]>(
  'int execve(const char *, const char **, const char **)',
)
/** signal(2) back to the default action. The result is the former handler, an address, so it says nothing here. */
export const defaultSignal = (signal: number): void => void setHandler(signal, 0)
const setHandler = call<[signal: number, handler: number]>('long signal(int, long)')

/** chdir(2), which Node is not told of */
export const chdir = call<[path: string]>('int chdir(const char *)')
/** fchdir(2) */
export const fchdir = call<[fd: number]>('int fchdir(int)')
/** chroot(2) */
export const chroot = call<[path: string]>('int chroot(const char *)')

/** open_tree(2); returns a descriptor */
export const openTree = numbered<[directory: number, path: string, flags: number]>(428, 'long, const char *, long')
/** pidfd_send_signal(2) */
export const pidfdSendSignal = numbered<[pidfd: number, signal: number, info: null, flags: number]>(
  424,
  'long, long, void *, long',
)
/** move_mount(2) */
export const moveMount = numbered<
  [fromDirectory: number, from: string, toDirectory: number, to: string, flags: number]
>(429, 'long, const char *, long, const char *, long')
/** mount_setattr(2); `attributes` holds a struct mount_attr of 32 bytes */
export const mountSetattr = numbered<
  [directory: number, path: string, flags: number, attributes: Buffer, size: number]
>(442, 'long, const char *, long, void *, long')
/** fsopen(2) */
export const fsopen = numbered<[type: string, flags: number]>(430, 'const char *, long')
/** fsconfig(2) */
export const fsconfig = numbered<[fd: number, command: number, key: string | null, value: string | null, aux: number]>(
  431,
  'long, long, const char *, const char *, long',
)
/** fsmount(2) */
export const fsmount = numbered<[fd: number, flags: number, attributes: number]>(432, 'long, long, long')
/** pidfd_open(2) */
export const pidfdOpen = numbered<[pid: number, flags: number]>(434, 'long, long')

let strerrorText: ((errno: number) => string) | undefined

/** strerror(3)'s words for an errno. */
export function strerror(errno: number): string {
  strerrorText ??= load().libc.func('const char *strerror(int)') as (errno: number) => string
  return strerrorText(errno)
}

/** Where a buffer's bytes are, which is for as long as it lives. */
export function addressOf(buffer: Buffer): bigint {
  return load().koffi.address(buffer)
}

/** A descriptor that Node's own loop watches. */
export interface Readable {
  close(): void
}

/** Calls `ready` whenever the descriptor can be read from, or has an error to tell, which reading it takes away. */
export const whenReadable = (fd: number, ready: () => void): Readable => when(fd, { readable: true }, ready)
/** The same for what can be written to: a connection that stands, or was refused (connect(2), EINPROGRESS). */
export const whenWritable = (fd: number, ready: () => void): Readable => when(fd, { writable: true }, ready)

function when(fd: number, events: { readable: true } | { writable: true }, ready: () => void): Readable {
  const { poll } = load().koffi.node
  let closed = false
  // The status comes first, which the types don't say: negative after an error, and then libuv looks no more.
  const told = (status: unknown) => {
    // Called from outside of Node's own turns: promises that are kept here would wait until something else happens.
    setImmediate(() => closed || ready())
    if (!closed && typeof status === 'number' && status < 0) handle.start(events, told)
  }
  const handle = poll(fd, events, told)
  return {
    close() {
      closed = true
      handle.close()
    },
  }
}
