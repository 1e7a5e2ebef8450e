"""Small faults put into Python source, one at a time: an operator swapped, a constant off by one, a sign dropped."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

Change: TypeAlias = tuple[ast.expr, ast.expr]
"""An expression of a module and what stands in its place."""

UNTOUCHED = frozenset({"draw", "conditions"})
"""Methods that decide which values an instance has, and nothing of what is printed for those values."""

TYPES = frozenset({"Annotated", "Literal", "Callable", "Mapping", "Sequence", "Iterable", "dict", "list", "tuple"})
"""Subscripted, these are type hints."""

OPERATORS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Mult,),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
}
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
ORDERED = (ast.Sub, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.MatMult)
_TWINS = ("min max", "sin cos", "any all", "floor ceil", "numerator denominator", "exp log")
NAMES = {one: other for pair in map(str.split, _TWINS) for one, other in (pair, pair[::-1])}
DROPPED = frozenset({"abs", "reversed", "sorted"})


def _operator(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.BinOp):
        for other in OPERATORS.get(type(node.op), ()):
            yield node, ast.BinOp(node.left, other(), node.right)


def _operands(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ORDERED) and ast.dump(node.left) != ast.dump(node.right):
        yield node, ast.BinOp(node.right, node.op, node.left)


def _exponent(node: ast.AST) -> Iterator[Change]:
    # A constant exponent is changed as every constant is.
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and not isinstance(node.right, ast.Constant):
        yield node.right, ast.BinOp(node.right, ast.Add(), ast.Constant(1))


def _sign(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield node, node.operand


def _comparison(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for other in COMPARISONS.get(type(node.ops[0]), ()):
            yield node, ast.Compare(node.left, [other()], node.comparators)


def _constant(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Constant) and type(node.value) is int:
        yield node, ast.Constant(node.value + 1)
        yield node, ast.Constant(node.value - 1)


def _name(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Name) and node.id in NAMES:
        yield node, ast.Name(NAMES[node.id], node.ctx)
    if isinstance(node, ast.Attribute) and node.attr in NAMES:
        yield node, ast.Attribute(node.value, NAMES[node.attr], node.ctx)


def _index(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Name | ast.BinOp | ast.Attribute):
        yield node.slice, ast.BinOp(node.slice, ast.Add(), ast.Constant(1))


def _range(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range":
        stop = node.args[0] if len(node.args) == 1 else node.args[1]
        yield stop, ast.BinOp(stop, ast.Sub(), ast.Constant(1))


def _logic(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.BoolOp):
        yield node, ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node, node.operand


def _branch(node: ast.AST) -> Iterator[Change]:
    tests = [node.test] if isinstance(node, ast.If | ast.IfExp) else getattr(node, "ifs", [])
    for test in tests:
        # Other tests are turned round by the operators for comparisons and logic.
        if isinstance(test, ast.Name | ast.Attribute | ast.Call | ast.BinOp | ast.BoolOp):
            yield test, ast.UnaryOp(ast.Not(), test)


def _call(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in DROPPED and node.args:
        yield node, node.args[0]


MUTATIONS: dict[str, Callable[[ast.AST], Iterator[Change]]] = {
    "operator": _operator,
    "operands": _operands,
    "exponent": _exponent,
    "sign": _sign,
    "comparison": _comparison,
    "constant": _constant,
    "name": _name,
    "index": _index,
    "range": _range,
    "logic": _logic,
    "branch": _branch,
    "call": _call,
}
"""The kinds of fault, by name."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """The change number ``place`` of those that a module's source allows; ``kind`` is one of `MUTATIONS`."""

    module: str
    place: int
    kind: str
    line: int


def mutants_of(module: str, source: str) -> list[Mutant]:
    """Every mutant of a module, in the order of its source."""
    changes = enumerate(_changes(_parse(source)))
    return [Mutant(module, place, kind, old.lineno) for place, (kind, old, _) in changes]


def mutated(source: str, mutant: Mutant) -> ast.Module:
    """The module with the one change in it; line numbers stay."""
    # Replacing spoils the tree, which others share.
    tree = copy.deepcopy(_parse(source))
    _, old, new = _change(tree, mutant)
    # What is replaced is an expression: the module round it stays.
    _Replacing(old, ast.copy_location(new, old)).visit(tree)
    return ast.fix_missing_locations(tree)


def shown(source: str, mutant: Mutant) -> tuple[str, str]:
    """The line before and after; only the expression where it is in an f-string or takes several lines."""
    _, old, new = _change(_parse(source), mutant)
    before, after = ast.unparse(old), ast.unparse(new)
    if isinstance(new, ast.BinOp | ast.BoolOp | ast.UnaryOp):
        after = f"({after})"
    line = source.splitlines()[old.lineno - 1]
    if old.end_lineno == old.lineno:
        text = line.encode()
        head, middle, tail = (
            piece.decode(errors="replace")
            for piece in (text[: old.col_offset], text[old.col_offset : old.end_col_offset], text[old.end_col_offset :])
        )
        # Python before 3.12 does not know where in an f-string an expression is.
        if middle.replace(" ", "").strip("()") == before.replace(" ", "").strip("()"):
            return line.strip(), f"{head}{after}{tail}".strip()
    return before, after


@lru_cache(maxsize=128)
def _parse(source: str) -> ast.Module:
    return ast.parse(source)


def _change(tree: ast.Module, mutant: Mutant) -> tuple[str, ast.expr, ast.expr]:
    return next(change for place, change in enumerate(_changes(tree)) if place == mutant.place)


def _changes(tree: ast.Module) -> Iterator[tuple[str, ast.expr, ast.expr]]:
    for node in _executed(tree):
        for kind, mutations in MUTATIONS.items():
            for old, new in mutations(node):
                yield kind, old, new


def _executed(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a tree without type hints, decorators, and the methods that are left alone."""
    yield node
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list"):
            continue
        for child in value if isinstance(value, Sequence) and not isinstance(value, str) else [value]:
            if isinstance(child, ast.AST) and not _left_alone(child):
                yield from _executed(child)


def _left_alone(node: ast.AST) -> bool:
    if isinstance(node, ast.FunctionDef):
        return node.name in UNTOUCHED
    return isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id in TYPES


class _Replacing(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        """The tree with the one node exchanged."""
        # What is put in may hold the old node: it is not looked into again.
        return self.new if node is self.old else self.generic_visit(node)
