"""What only Linux can promise: a child that dies with its parent, orphans that come back, a root that steps down.

On another system each function does less, and process groups alone clean up.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import sys
from collections.abc import Callable

IS_LINUX = sys.platform == "linux"

_PR_SET_PDEATHSIG = 1
_PR_SET_KEEPCAPS = 8
_PR_SET_CHILD_SUBREAPER = 36
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CAP_DAC_OVERRIDE = 1
_CAPABILITY_VERSION_3 = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True) if IS_LINUX else None


class _CapHeader(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _CapData(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint32) for name in ("effective", "permitted", "inheritable")]


def _prctl(option: int, first: int = 0, second: int = 0) -> bool:
    return _libc is not None and _libc.prctl(option, first, second, 0, 0) == 0


def adopt_orphans() -> None:
    """Let descendants whose parent died become children of this process, so that they can be found (prctl(2))."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent(signum: int, parent: int) -> None:
    """Have the kernel send `signum` to this process when `parent` ends; end now if it already has."""
    if _prctl(_PR_SET_PDEATHSIG, signum) and os.getppid() != parent:
        os._exit(1)


def _keep_file_access() -> None:
    """Keep the one capability to reach files in directories closed to others, such as a checkout below /root."""
    if _libc is None:
        return
    bit = 1 << _CAP_DAC_OVERRIDE
    data = (_CapData * 2)(_CapData(bit, bit, bit), _CapData(0, 0, 0))
    _libc.capset(ctypes.byref(_CapHeader(_CAPABILITY_VERSION_3, 0)), data)
    _prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_OVERRIDE)


def step_down(account: pwd.struct_passwd) -> None:
    """Turn this process from root into `account`: PostgreSQL refuses to run as root."""
    _prctl(_PR_SET_KEEPCAPS, 1)
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)
    _keep_file_access()


def child_setup(death_signal: int, account: pwd.struct_passwd | None = None) -> Callable[[], None]:
    """Return what a child does between fork and exec. The death signal comes last: a change of user clears it."""
    parent = os.getpid()

    def setup() -> None:
        if account is not None:
            step_down(account)
        die_with_parent(death_signal, parent)

    return setup
