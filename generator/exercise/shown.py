"""A value that was given, as its author wrote it in TOML or JSON, for messages that refuse it."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping

LONGEST = 60


def shown(value: object) -> str:
    """A wrong value as it stands in the exam file or on the command line, or nearly so; its beginning if it is long."""
    try:
        text = _written(value)
    except (ValueError, RecursionError):  # thousands of digits, or of lists in lists
        return "something very large"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}…"


def _written(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case str():
            # What a terminal would not show as it is, or would obey, is written as a code.
            return json.dumps(value, ensure_ascii=not value.isprintable())
        case datetime.date() | datetime.time():
            return value.isoformat()
        case list() | tuple():
            return f"[{', '.join(map(_written, value))}]"
        case Mapping():
            return f"{{{', '.join(f'{_written(str(name))}: {_written(entry)}' for name, entry in value.items())}}}"
    return str(value)
