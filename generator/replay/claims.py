"""Which equations say something that can be wrong, and which only say how a thing is called."""

from __future__ import annotations

from collections.abc import Mapping

from generator.replay.arrays import Value
from generator.replay.context import DOTTED, INDEX_LETTERS, Context, head
from generator.replay.lookup import wholes
from generator.replay.tree import Call, Derivative, Grid, Name, Node, Number, Operation, is_numeric, parts_of
from generator.replay.world import Definition, Symbol


def is_naming(one: Node | None, other: Node | None, left: str, right: str) -> bool:
    """Whether an equation only says how things are called, as "W = (w_ij)", or is a case, as "i = j"."""
    if one is None and other is not None and is_numeric(other):
        return DOTTED.match(left) is not None
    if not isinstance(one, Name):
        return False
    if other is None:
        return DOTTED.match(right) is not None or right.startswith(r"\pm")
    if isinstance(other, Call):
        return other.name.key == one.key and not one.indices
    return isinstance(other, Name) and (len(other.indices) > len(one.indices) or {one.key, other.key} <= INDEX_LETTERS)


def is_named(node: Node) -> bool:
    """Whether a piece is a name, or what is used as one."""
    if isinstance(node, Operation) and node.kind == "power" and isinstance(node.parts[0], Name):
        return isinstance(node.parts[1], Number)
    return isinstance(node, (Name, Derivative)) or (
        isinstance(node, Call) and all(isinstance(part, Name) for part in node.arguments)
    )


def _of_names(node: Node) -> bool:
    """Whether a piece is a sum or difference of bare names, as on the left of a definition of both."""
    return not isinstance(node, Name) and all(
        isinstance(part, Name) or (isinstance(part, Operation) and part.kind in ("sum", "negative"))
        for part in parts_of(node)
    )


def as_a_whole(definition: Definition) -> bool:
    """Whether this says what a vector or matrix is, more than how its entries are called."""
    body = definition.body
    names = isinstance(body, Name) or (
        isinstance(body, Grid) and all(isinstance(entry, Name | Number) for row in body.rows for entry in row)
    )
    return not (names or definition.indices or definition.parameters)


def is_equation(printed: Node) -> bool:
    """Whether a formula beside this is no calculation but an equation, with 0 on one side."""
    return bool(printed in (Number(0.0, "0"), Name(r"\mathbf{0}")))


def defined_before(node: Node, origin: int, context: Context) -> bool:
    """Whether a left side was said to be something by an earlier statement, so that this one is a claim."""
    name = head(node)
    if name is None:
        return True
    if (
        name.key.endswith("'")
        and not name.indices
        and any(named.key == name.key.rstrip("'") and named.definition.parameters for named in context.defined)
    ):
        return True
    whole = frozenset(wholes(name.key, len(name.indices))) if name.indices else frozenset()
    for named in context.defined:
        if named.origin >= origin:
            return False
        if named.key in whole and as_a_whole(named.definition):
            return True
        indices = named.definition.indices
        if (
            named.key == name.key
            and len(indices) == len(name.indices)
            and (not isinstance(node, Call) or len(named.definition.parameters) == len(node.arguments))
            and all(one == other or one.letter for one, other in zip(indices, name.indices, strict=True))
        ):
            return True
    return False


def no_claim(
    one: Node, other: Node, context: Context, *, leads: bool, numeric: bool, given: Mapping[Symbol, Value]
) -> str:
    """Why two formulas that differ are no fault: one of them says what the other is.

    ``leads`` where the first formula leads a chain, which is ``numeric`` if it works out a number.
    """
    if leads and (_of_names(one) or not _is_claim(one, context, numeric)):
        return "another meaning of a name"
    if leads and isinstance(one, Name) and one.indices and _unsaid(other, context, given):
        return "a name of which nothing is said"
    known = {(named.key, len(named.definition.parameters)) for named in context.defined}
    keys = {key for key, _ in known}
    for node in (one, other):
        for part in parts_of(node):
            if isinstance(part, Call) and (part.name.key.rstrip("'"), len(part.arguments)) not in known:
                return "a function of which nothing is said"
            if isinstance(part, Derivative) and isinstance(part.subject, Name) and part.subject.key not in keys:
                return "a derivative of which nothing is said"
    return ""


def _is_claim(node: Node, context: Context, numeric: bool) -> bool:
    """Whether what a left side is cannot change: a function, or an entry of what is defined for all entries."""
    name = head(node)
    if name is None or isinstance(node, Call):
        return True
    if name.indices:
        return not any(index.letter for index in name.indices) and any(
            named.key == name.key
            and all(index.letter for index in named.definition.indices)
            and len(named.definition.indices) == len(name.indices)
            for named in context.defined
        )
    whole = any(named.key == name.key and named.definition.parameters for named in context.defined)
    return whole and not numeric and (name.key.rstrip("'"), 1, 0) not in context.sizes.extents


def _unsaid(node: Node, context: Context, given: Mapping[Symbol, Value]) -> bool:
    """Whether there is a name in it of which the text says nothing."""
    said = {named.key for named in context.defined} | {key for key, _ in given}
    return any(isinstance(part, Name) and part.key not in said for part in parts_of(node))
