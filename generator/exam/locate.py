"""Where the keys of a TOML text stand, so that an error can name its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""Keys and positions in arrays, such as ``("section", 0, "question", 2, "points")``."""

_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_KEY = re.compile(r"""[ \t]*([A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')[ \t]*""")
_STRING_OR_COMMENT = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|'
    r"'''.*?'{3,5}|"
    r'"(?:[^"\\\n]|\\.)*"|'
    r"'[^'\n]*'|"
    r"#[^\n]*",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Places:
    """The line of every key and table header of a TOML text."""

    lines: Mapping[Path, int]

    def line(self, path: Path) -> int:
        """The line of a key or table, or of the nearest thing around it; 1 where there is none."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return 1


def places(text: str) -> Places:
    """Find the keys of a text that `tomllib` has accepted."""
    lines: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    for path, line in _statements(text, counts):
        for length in range(1, len(path) + 1):
            lines.setdefault(path[:length], line)
    return Places(lines)


def _statements(text: str, counts: dict[Path, int]) -> Iterator[tuple[Path, int]]:
    table: Path = ()
    line, counted = 1, 0
    position = _past_blank(text, 0)
    while position < len(text):
        line, counted = line + text.count("\n", counted, position), position
        if text[position] == "[":
            is_array = text.startswith("[[", position)
            names, position = _dotted(text, position + 1 + is_array)
            table = _table_path(names, is_array, counts)
            position += 1 + is_array
            yield table, line
        else:
            names, position = _dotted(text, position)
            yield table + names, line
            position = _past_value(text, position + 1)
        position = _past_blank(text, position)


def _past_blank(text: str, position: int) -> int:
    found = _BLANK.match(text, position)
    return found.end() if found else position


def _dotted(text: str, position: int) -> tuple[tuple[str, ...], int]:
    names = []
    while found := _KEY.match(text, position):
        names.append(_unquoted(found[1]))
        position = found.end()
        if not text.startswith(".", position):
            break
        position += 1
    if not names:
        raise ValueError(f"not a TOML key at {text[position : position + 20]!r}")
    return tuple(names), position


def _unquoted(key: str) -> str:
    return str(tomllib.loads(f"key = {key}")["key"]) if key[0] in "\"'" else key


def _table_path(names: tuple[str, ...], is_array: bool, counts: dict[Path, int]) -> Path:
    path: Path = ()
    for depth, name in enumerate(names, start=1):
        path += (name,)
        if is_array and depth == len(names):
            counts[path] = counts.get(path, 0) + 1
        if path in counts:
            path += (counts[path] - 1,)
    return path


def _past_value(text: str, position: int) -> int:
    """The end of the value that starts here: the first line end outside strings, comments and brackets."""
    depth = 0
    while position < len(text):
        character = text[position]
        if character in "\"'#" and (found := _STRING_OR_COMMENT.match(text, position)):
            position = found.end()
            continue
        depth += (character in "[{") - (character in "]}")
        if character == "\n" and depth == 0:
            return position
        position += 1
    return position
