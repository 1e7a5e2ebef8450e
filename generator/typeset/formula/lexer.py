"""TeX source as tokens that remember where they stood."""

from __future__ import annotations

import re
from typing import NamedTuple

from generator.typeset.formula.error import FormulaError

_TOKEN = re.compile(r"\\(?P<word>[A-Za-z]+\*?)|\\(?P<sign>.)|(?P<space>\s+)|(?P<char>.)", re.DOTALL)
_STARRED = frozenset({"operatorname*", "hspace*", "tag*"})


class Token(NamedTuple):
    r"""A command (``\frac`` has the text ``\frac``), a character, or a space.

    ``start`` and ``end`` are places in the source.
    """

    text: str
    start: int
    end: int

    @property
    def command(self) -> bool:
        """Whether it is a command."""
        return len(self.text) > 1 and self.text[0] == "\\"


def tokens(tex: str) -> list[Token]:
    """The source's tokens; a run of white space is one token with the text ' '."""
    found = []
    position = 0
    while match := _TOKEN.match(tex, position):
        text, start, position = match.group(), match.start(), match.end()
        if match.lastgroup == "space":
            text = " "
        elif match.lastgroup == "word" and text.endswith("*") and text[1:] not in _STARRED:
            text, position = text[:-1], position - 1
        elif text == "%":
            raise FormulaError(tex, start, "a bare % starts a comment in TeX; write \\%")
        elif text == "\\":
            raise FormulaError(tex, start, "a backslash without a command")
        found.append(Token(text, start, position))
    return found
