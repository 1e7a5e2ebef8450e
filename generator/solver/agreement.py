"""Whether an exact answer and an independently computed one agree."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any


def differ(exact: Any, found: Any, tolerance: float) -> str | None:
    """What differs between two nested values, or None when they agree.

    Numbers agree within ``tolerance * max(1, |exact|)``; not-a-number never agrees with anything.
    """
    if isinstance(exact, str) or isinstance(found, str):
        return None if exact == found else str(found)
    if isinstance(exact, Mapping) or isinstance(found, Mapping):
        return _mappings_differ(exact, found, tolerance)
    rows, others = _entries(exact), _entries(found)
    if rows is None and others is None:
        a, b = float(exact), float(found)
        near = math.isfinite(a) and abs(a - b) <= tolerance * max(1.0, abs(a))
        return None if near else repr(b)
    if rows is None or others is None or len(rows) != len(others):
        return f"{found} (another shape)"
    for position, (one, two) in enumerate(zip(rows, others, strict=True)):
        problem = differ(one, two, tolerance)
        if problem is not None:
            return f"{problem} at position {position}"
    return None


def _mappings_differ(exact: Any, found: Any, tolerance: float) -> str | None:
    if not (isinstance(exact, Mapping) and isinstance(found, Mapping)) or exact.keys() != found.keys():
        return f"{found} (other names)"
    for name, value in exact.items():
        problem = differ(value, found[name], tolerance)
        if problem is not None:
            return f"{problem} for {name}"
    return None


def _entries(value: Any) -> list[Any] | None:
    """The entries of a tuple, list or array; None for a scalar."""
    if isinstance(value, tuple | list):
        return list(value)
    shape = getattr(value, "shape", None)
    # A SymPy matrix has a shape too, and lists its rows through tolist.
    return list(value.tolist()) if shape not in (None, ()) else None
