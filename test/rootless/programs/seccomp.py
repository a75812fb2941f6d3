"""Becomes a command that may make no namespaces, as in a container with Docker's seccomp profile (seccomp(2), bpf(4))."""
import ctypes
import os
import struct
import sys

SYSTEM_CALLS = {"x86_64": (272, 56, 435), "aarch64": (97, 220, 435)}
UNSHARE, CLONE, CLONE3 = SYSTEM_CALLS[os.uname().machine]
NAMESPACES = 0x7E020000  # of all kinds but that of time, as Docker has it
EPERM, ENOSYS = 1, 38
ALLOW, REFUSE = 0x7FFF0000, 0x00050000
NUMBER, FIRST_ARGUMENT = 0, 16
LOAD, EQUAL, ANY_BIT, RETURN = 0x20, 0x15, 0x45, 0x06

program = [
    (LOAD, 0, 0, NUMBER),
    (EQUAL, 0, 1, CLONE3),
    (RETURN, 0, 0, REFUSE | ENOSYS),  # libc then calls clone, whose flags a filter can read
    (EQUAL, 1, 0, UNSHARE),
    (EQUAL, 0, 2, CLONE),
    (LOAD, 0, 0, FIRST_ARGUMENT),
    (ANY_BIT, 1, 0, NAMESPACES),
    (RETURN, 0, 0, ALLOW),
    (RETURN, 0, 0, REFUSE | EPERM),
]
text = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *one) for one in program))
filter = ctypes.create_string_buffer(struct.pack("HP", len(program), ctypes.addressof(text)))
libc = ctypes.CDLL(None, use_errno=True)
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, MODE_FILTER = 38, 22, 2
for words in (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), (PR_SET_SECCOMP, MODE_FILTER, filter, 0, 0):
    if libc.prctl(*words) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
os.execvp(sys.argv[1], sys.argv[1:])
