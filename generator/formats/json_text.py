"""JSON laid out for people: what fits on a line stands on one line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

WIDTH = 120


def json_text(value: Any) -> str:
    """A value as JSON text with a line end at the end; numbers that JSON does not have are an error."""
    return _laid_out(value, 0) + "\n"


def _laid_out(value: Any, indent: int) -> str:
    flat = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if indent + len(flat) <= WIDTH or not value or not isinstance(value, Mapping | list | tuple):
        return flat
    inner = " " * (indent + 1)
    if isinstance(value, Mapping):
        rows = [
            f"{inner}{json.dumps(str(name), ensure_ascii=False)}: {_laid_out(entry, indent + 1)}"
            for name, entry in value.items()
        ]
        return "{\n" + ",\n".join(rows) + f"\n{' ' * indent}}}"
    return "[\n" + ",\n".join(inner + _laid_out(entry, indent + 1) for entry in value) + f"\n{' ' * indent}]"
