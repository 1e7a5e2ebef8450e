r"""The statements of a text: chains of pieces of TeX with relations between them, in the order in which they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

_FORMULA = re.compile(r"\$\$(.+?)\$\$|(?<!\\)\$(.+?)(?<!\\)\$", re.DOTALL)
_LAYOUT = re.compile(r"\\(?:begin|end)\{(?:aligned|gathered)\}")
_NEXT = re.compile(
    r"(?P<row>\\\\(?:\[[^\]]*\])?)|(?P<begin>\\begin\{\w+\})|(?P<end>\\end\{\w+\})"
    r"|(?P<gap>\\q?quad(?![a-zA-Z])|\\text\{[^{}]*\})"
    r"|(?P<relation>=|<|>|:|\\(?:approx|Rightarrow|Longrightarrow|Longleftrightarrow|Leftrightarrow|implies|iff"
    r"|leftarrow|to|leq?|geq?|neq?|propto|in|colon|sim)(?![a-zA-Z]))"
    r"|(?P<open>[({\[]|\\\{)|(?P<close>[)}\]]|\\\})|(?P<other>\\[a-zA-Z]+|\\.|.)",
    re.DOTALL,
)
_STOP = re.compile(r"[.;:](?=\s)|^>", re.MULTILINE)
_DOTS = re.compile(r"\\[lc]?dots")


@dataclass(frozen=True, slots=True)
class Statement:
    """Pieces of TeX and the relations between them: ``relations[i]`` stands between ``pieces[i]`` and the next.

    ``clause`` counts the clauses of the text, which end at a full stop, a semicolon or the like.
    """

    pieces: tuple[str, ...]
    relations: tuple[str, ...]
    clause: int = 0

    def links(self) -> Iterator[tuple[str, str, str]]:
        r"""Neighbouring pieces that are said to be equal, with ``=`` or ``\approx`` between them."""
        for left, relation, right in zip(self.pieces, self.relations, self.pieces[1:], strict=False):
            if relation in ("=", r"\approx"):
                yield left, relation, right


def formulas(markdown: str) -> Iterator[str]:
    """The TeX of every formula of a text."""
    for display, inline in _FORMULA.findall(markdown):
        yield display or inline


def statements(markdown: str) -> Iterator[Statement]:
    """Every chain of a text; a formula without a relation is a chain of one piece."""
    place = clause = 0
    for found in _FORMULA.finditer(markdown):
        clause += len(_STOP.findall(markdown, place, found.start()))
        place = found.end()
        for statement in _in_formula(_ungrouped(found[1] or found[2])):
            yield replace(statement, clause=clause)


def _ungrouped(formula: str) -> str:
    """A formula without the braces around it that keep it on one line."""
    depth = 0
    for at, sign in enumerate(formula := formula.strip()):
        depth += (sign == "{") - (sign == "}")
        if depth == 0:
            return formula[1:at] if at and at == len(formula) - 1 and formula[0] == "{" else formula
    return formula


def _in_formula(formula: str) -> Iterator[Statement]:
    found: list[Statement] = []
    pieces, relations = [""], list[str]()
    for kind, text in _parts(_LAYOUT.sub(" ", formula)):
        if kind == "text":
            pieces[-1] += text
        elif kind == "relation":
            relations.append(text)
            pieces.append("")
        else:
            _close(found, pieces, relations)
            pieces, relations = [""], []
    _close(found, pieces, relations)
    yield from found


def _close(found: list[Statement], pieces: list[str], relations: list[str]) -> None:
    trimmed = [piece.strip().rstrip(".;, ") for piece in pieces]
    if found and not trimmed[0] and relations:
        # A row that starts with a relation goes on with the chain before it.
        before = found.pop()
        found.append(Statement((*before.pieces, *trimmed[1:]), (*before.relations, *relations)))
    elif found and len(trimmed) == 1 and _DOTS.fullmatch(trimmed[0]):
        # "j = 1, …, M" says nothing of one j.
        before = found.pop()
        found.append(Statement((before.pieces[-1],), ()))
    elif any(trimmed):
        found.append(Statement(tuple(trimmed), tuple(relations)))


def _parts(formula: str) -> Iterator[tuple[str, str]]:
    """Pieces of text, relations and ends of statements, at the outermost level of brackets."""
    depth, text, broken = 0, "", False
    for match in _NEXT.finditer(formula):
        kind, found = str(match.lastgroup), match[0]
        if kind in ("open", "begin"):
            depth += 1
        elif kind in ("close", "end"):
            depth -= 1
        if depth == 0 and kind == "relation":
            yield "text", text
            yield "relation", found
            text, broken = "", False
        elif depth == 0 and (kind in ("row", "gap") or found in (",", ";")):
            # A row that goes on with a sum belongs to the row before it.
            broken = broken or kind != "gap" or not text.strip()
            yield "text", text
            if not (kind == "gap" and not text.strip()):
                rest = formula[match.end() :]
                if (
                    not re.match(r"(?:\s|&|\\q?quad(?![a-zA-Z]))*[+-]", rest)
                    or kind != "row"
                    or "quad" not in rest[:12]
                ):
                    yield "end", ""
            text = ""
        elif not (depth == 0 and found == "&"):
            text += found
    yield "text", text
