"""How much memory a process with a fault in it may take."""

from __future__ import annotations

import contextlib

MEMORY = 4 * 2**30
"""Bytes of address space."""


def limit_memory() -> None:
    """Let this process, and those that it starts, take so much and no more: a fault may make numbers without end."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # not on Windows, where the time limit has to do

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
