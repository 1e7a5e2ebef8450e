"""TeX cut into tokens: layout is dropped, and a token knows whether it follows its neighbour closely."""

from __future__ import annotations

import re
from dataclasses import dataclass


class UnreadableError(Exception):
    """The TeX says something that this reader does not know."""


@dataclass(frozen=True, slots=True)
class Token:
    """One number, command or sign; ``close`` where no space stands before it."""

    text: str
    close: bool


_GAP = re.compile(r"(?:\s|~|&(?=\s*$)|\\[,;:! ]|\\(?:qquad|quad|displaystyle|textstyle|limits|hline)(?![a-zA-Z]))+")
_SILENT = re.compile(r"\\(?:left|right|[bB]igg?[lrm]?)(?![a-zA-Z.])")
_TOKEN = re.compile(
    r"\d+(?:\{,\}\d{3})*(?:\.\d+)?|\\begin\{\w+\}(?:\{[|clr ]*\})?|\\end\{\w+\}|\\\\(?:\[[^\]]*\])?"
    r"|\\left\.|\\(?:text|operatorname|mathrm)\{[^{}]*\}|\\[a-zA-Z]+|\\[|{}]|[^\\\s]"
)


def tokens_of(tex: str) -> list[Token]:
    """The tokens of a piece of TeX. Raises UnreadableError for what is none."""
    found: list[Token] = []
    place, close = 0, False
    while place < len(tex):
        if silent := _SILENT.match(tex, place):
            place = silent.end()
        elif gap := _GAP.match(tex, place):
            place, close = gap.end(), False
        elif token := _TOKEN.match(tex, place):
            found.append(Token(token[0].replace("{,}", ""), close))
            place, close = token.end(), True
        else:
            raise UnreadableError(tex[place:])
    return found
