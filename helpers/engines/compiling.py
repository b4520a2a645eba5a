# Used from 10 · tests/helpers/engines/test_compiling.py
"""Numba's compiler with a cache that may fail: then it compiles anew, and says so in one line."""

from __future__ import annotations

import contextlib

from numba import njit
from numba.core.caching import FunctionCache

_said: set[str] = set()


def compiled(**options):
    """As ``numba.njit(nogil=True, cache=True)``, where the cache can be had."""

    def decorate(function):
        dispatcher = njit(nogil=True, **options)(function)
        try:
            dispatcher._cache = _Cache(function)  # what cache=True does, with the other class
        except Exception as error:  # no folder to write to
            _say(f"Numba cannot cache what it compiles ({_short(error)}): the kernel is compiled in each process anew.")
        return dispatcher

    return decorate


class _Cache(FunctionCache):
    """A file that cannot be read is as good as none; one that cannot be written is done without."""

    def load_overload(self, sig, target_context):
        try:
            return super().load_overload(sig, target_context)
        except Exception as error:  # cut off or damaged: EOFError, UnpicklingError and many others
            _say(f"Numba's cache is damaged ({_short(error)}): the kernel is compiled anew.")
            with contextlib.suppress(Exception):
                self.flush()
            return None

    def save_overload(self, sig, data):
        try:
            super().save_overload(sig, data)
        except Exception as error:  # a full disk, a folder that is gone
            _say(f"Numba cannot cache what it compiles ({_short(error)}): the next process compiles it anew.")


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".split("\n")[0][:100]


def _say(line: str) -> None:
    """Print a line, of each kind one."""
    kind = line.partition("(")[0]
    if kind not in _said:
        _said.add(kind)
        print(line)
