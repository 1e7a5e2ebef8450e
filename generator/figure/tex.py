"""The little of TeX that a label needs: enough structure to guess its size and to read it out."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\s+|.", re.DOTALL)
_ACCENTS = {r"\hat", r"\bar", r"\tilde", r"\vec", r"\dot", r"\overline", r"\widehat", r"\underline"}
_STYLES = {r"\mathbf", r"\mathrm", r"\mathit", r"\mathcal", r"\mathbb", r"\boldsymbol", r"\bm", r"\operatorname"}
_FRACTIONS = {r"\frac", r"\tfrac", r"\dfrac"}
_WORDS = {r"\text", r"\textbf", r"\textit", r"\textrm", r"\mbox"}
_SILENT = {r"\left", r"\right", r"\displaystyle", r"\textstyle", r"\scriptstyle", r"\limits", r"\nolimits"}


@dataclass(frozen=True, slots=True)
class Symbol:
    """One character or command."""

    name: str


@dataclass(frozen=True, slots=True)
class Words:
    """Text within mathematics."""

    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """Things beside one another."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Styled:
    """A letter or group in another alphabet, or under an accent."""

    style: str
    body: Node


@dataclass(frozen=True, slots=True)
class Script:
    """A base with what is above and below it at its right."""

    base: Node
    lower: Node | None
    upper: Node | None


@dataclass(frozen=True, slots=True)
class Fraction:
    """One thing over another."""

    over: Node
    under: Node


@dataclass(frozen=True, slots=True)
class Root:
    """A square root."""

    body: Node


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows of entries, with delimiters or without."""

    kind: str
    rows: tuple[tuple[Node, ...], ...]


Node = Symbol | Words | Row | Styled | Script | Fraction | Root | Matrix


def parse(tex: str) -> Row:
    """The structure of a formula; what is not understood is kept as a symbol, never an error."""
    return _Reader(_TOKEN.findall(tex)).row(())


class _Reader:
    """Reads tokens from left to right."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.place = 0

    def row(self, stops: tuple[str, ...]) -> Row:
        """Items up to one of the stops (not consumed) or the end."""
        items: list[Node] = []
        while self.place < len(self.tokens) and self.tokens[self.place] not in stops:
            token = self._next()
            if token in "^_":
                items.append(self._script(items.pop() if items else Row(()), token))
            elif not token.isspace() and token not in _SILENT:
                items.append(self._node(token))
        return Row(tuple(items))

    def _next(self) -> str:
        token = self.tokens[self.place]
        self.place += 1
        return token

    def _argument(self) -> Node:
        while self.place < len(self.tokens) and self.tokens[self.place].isspace():
            self.place += 1
        return self._node(self._next()) if self.place < len(self.tokens) else Row(())

    def _group(self) -> Row:
        inside = self.row(("}",))
        self.place += 1
        return inside

    def _script(self, base: Node, mark: str) -> Script:
        argument = self._argument()
        lower, upper = (argument, None) if mark == "_" else (None, argument)
        if isinstance(base, Script) and (base.lower is None or lower is None) and (base.upper is None or upper is None):
            return Script(base.base, base.lower or lower, base.upper or upper)
        return Script(base, lower, upper)

    def _node(self, token: str) -> Node:
        if token == "{":
            return self._group()
        if token in _FRACTIONS:
            return Fraction(self._argument(), self._argument())
        if token == r"\sqrt":
            return Root(self._argument())
        if token in _WORDS:
            return Words(self._verbatim())
        if token in _ACCENTS or token in _STYLES:
            return Styled(token, self._argument())
        if token == r"\begin":
            return self._matrix(self._verbatim())
        return Symbol(token)

    def _verbatim(self) -> str:
        depth, text = 0, ""
        while self.place < len(self.tokens):
            token = self._next()
            depth += (token == "{") - (token == "}")
            if depth == 0:
                break
            text += token
        return text[1:]

    def _matrix(self, kind: str) -> Matrix:
        rows: list[tuple[Node, ...]] = []
        cells: list[Node] = []
        while self.place < len(self.tokens):
            cells.append(self.row(("&", r"\\", r"\end")))
            stop = self._next() if self.place < len(self.tokens) else r"\end"
            if stop != "&":
                rows.append(tuple(cells))
                cells = []
            if stop == r"\end":
                self._verbatim()
                break
        return Matrix(kind, tuple(rows))
