"""The Jinja2 environment of the templates: TeX-friendly delimiters, strict names, a sandbox, and notation filters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
from jinja2.exceptions import SecurityError

from generator import notation
from generator.wording.sandbox import Sandbox, batched, bounded, joined, shown
from generator.working import Line


def mark(weight: int) -> str:
    """What a step of a solution earns, as a weight; scaled to the part's points when the sheet is made."""
    return f"[{weight}](#mark)"


def aligned(lines: Iterable[Line | str]) -> str:
    """Worked lines as one display, aligned at their first relation; strings are TeX that marks its own ``&``."""
    rows = [entry if isinstance(entry, str) else entry.aligned for entry in lines]
    body = r" \\ ".join(rows)
    return rf"$$\begin{{aligned}} {body} \end{{aligned}}$$"


def line_tex(line: Line) -> str:
    """One worked line in TeX."""
    return line.tex


def listed(items: Sequence[Any], word: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    texts = [str(item) for item in items]
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} {word} {texts[-1]}"


def rounded(value: notation.Value, places: int) -> Decimal:
    """The rounded decimal. Raises SecurityError for more places than anyone prints."""
    if not 0 <= places <= MOST_PLACES:
        raise SecurityError(f"a number is rounded to at most {MOST_PLACES} places")
    return notation.rounded(value, places)


_NUMBER_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def in_words(number: int) -> str:
    """Small numbers as words, as running text has them."""
    return _NUMBER_WORDS[number] if 0 <= number < len(_NUMBER_WORDS) else str(number)


FILTERS = (
    *("first", "last", "length", "list", "map", "max", "min", "reject", "rejectattr", "reverse", "select"),
    *("selectattr", "sort", "unique"),
)
"""Jinja's own filters that a template may use; others, such as ``center`` and ``random``, make texts of any length or
another text every time."""

MOST_PLACES = 30

_TEXTS: dict[str, Callable[..., str]] = {
    "tex": notation.tex,
    "vector": notation.vector_tex,
    "row": notation.row_tex,
    "matrix": notation.matrix_tex,
    "grid": notation.grid_tex,
    "mark": mark,
    "aligned": aligned,
    "line": line_tex,
    "join": joined,
    "listed": listed,
    "words": in_words,
}


@lru_cache(maxsize=16)
def environment(folders: tuple[Path, ...]) -> jinja2.Environment:
    """The environment that finds templates in these folders, first one first."""
    made = Sandbox(
        loader=jinja2.FileSystemLoader([str(folder) for folder in folders], encoding="utf-8"),
        undefined=jinja2.StrictUndefined,
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        # The output is Markdown, not HTML: escaping happens where HTML is written.
        autoescape=False,
        finalize=shown,
    )
    # The same exercise has the same words every time, and not too many.
    del made.globals["lipsum"], made.globals["range"]
    made.filters = {name: made.filters[name] for name in FILTERS} | {"batch": batched, "rounded": rounded}
    made.filters |= {name: bounded(text_filter) for name, text_filter in _TEXTS.items()}
    return made
