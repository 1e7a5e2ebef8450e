"""TeX to trees: sums, products with and without a sign, powers, names with indices, derivatives, sums over indices."""

from __future__ import annotations

from functools import lru_cache

from generator.replay.constructs import CLOSING, Constructs
from generator.replay.cursor import END
from generator.replay.naming import ACCENTS, GREEK
from generator.replay.tokens import UnreadableError, tokens_of
from generator.replay.tree import Call, Grid, Index, Name, Node, Number, Operation

_FUNCTIONS = frozenset(
    {r"\exp", r"\Gamma", r"\ln", r"\log", r"\sin", r"\cos", r"\tan", r"\tanh", r"\arctan", r"\det"}
    | {rf"\operatorname{{{name}}}" for name in ("tr", "sign", "sgn")}
)
_FRACTIONS = frozenset({r"\frac", r"\tfrac", r"\dfrac"})


@lru_cache(maxsize=20_000)
def parse(tex: str, functions: frozenset[str]) -> Node:
    """The tree of a piece of TeX; ``functions`` are the names that stand for functions where ``(`` follows closely.

    Raises UnreadableError for what cannot be read.
    """
    reader = _Reader(tokens_of(tex), functions)
    node = reader.sum()
    if reader.next is not END:
        raise UnreadableError(reader.next.text)
    return node


class _Reader(Constructs):
    """Recursive descent: sum > product > power > atom."""

    def sum(self) -> Node:
        parts = [self.product()]
        while self.at("+", "-"):
            sign = self.take()
            term = self.product()
            parts.append(term if sign == "+" else Operation("negative", (term,)))
        return parts[0] if len(parts) == 1 else Operation("sum", tuple(parts))

    def product(self) -> Node:
        if self.at("-", "+"):
            sign = self.take()
            inner = self.product()
            return Operation("negative", (inner,)) if sign == "-" else inner
        value = self.power()
        while True:
            if self.at(r"\cdot", r"\times", "*"):
                self.take()
                value = Operation("product", (value, self.signed()))
            elif self.at("/", r"\div"):
                self.take()
                value = Operation("quotient", (value, self.signed()))
            elif self.begins_factor():
                value = Operation("product", (value, self.power()))
            else:
                return value

    def signed(self) -> Node:
        if self.at("-"):
            self.take()
            return Operation("negative", (self.power(),))
        return self.power()

    def begins_factor(self) -> bool:
        text = self.next.text
        if text in ("|", r"\|"):
            # A bar after a complete factor closes the absolute value around it.
            return self.bars == 0
        return bool(text) and (
            text in _FUNCTIONS | ACCENTS | _FRACTIONS | CLOSING.keys()
            or text
            in (r"\sqrt", r"\sum", r"\prod", r"\max", r"\min", r"\pi", r"\lVert", "{", r"\nabla", r"\left.", r"\Gamma")
            or (text.isalpha() and len(text) == 1)
            or text[0].isdigit()
            or text.startswith((r"\begin", r"\operatorname"))
            or GREEK.fullmatch(text) is not None
        )

    def power(self) -> Node:
        base = self.atom()
        while self.at("^", "!", "_", "'"):
            if self.at("!"):
                self.take()
                base = Operation("factorial", (base,))
            elif self.at("_") and self.peek() == "{" and self.at_value():
                base = self.evaluated(base)
            elif self.at("_"):
                self.take()
                base = Operation("entry", (base, *(_index_node(index) for index in self.indices())))
            elif self.peek() in (r"\top",) or (self.peek() == "{" and self.peek(2) == r"\top"):
                self.take("^")
                self.group_or(lambda: self.take(r"\top"))
                # A list in parentheses is a column already.
                if not (isinstance(base, Grid) and self.listed):
                    base = Operation("transpose", (base,))
            else:
                self.take("^")
                base = Operation("power", (base, self.argument()))
        return base

    def atom(self) -> Node:
        text = self.next.text
        self.listed = False
        if text[:1].isdigit():
            self.take()
            return Number(float(text), text)
        if text in ("(", "["):
            return self.parenthesis()
        if text == "{":
            return self.enclosed("{", "}")
        if text in (r"\lfloor", r"\lceil"):
            return Operation(text[2:], (self.enclosed(text, CLOSING[text]),))
        if text == r"\left.":
            return self.bar()
        if text in ("|", r"\lVert", r"\|"):
            return self.absolute()
        if text in _FRACTIONS:
            return self.fraction()
        if text == r"\sqrt":
            self.take()
            return Operation("root", (self.argument(),))
        if text in (r"\max", r"\min"):
            self.take()
            return Operation(text[1:], self.list_in(self.next.text))
        if text in (r"\sum", r"\prod"):
            return self.big()
        if text.startswith(r"\begin{"):
            return self.environment()
        if text == r"\nabla":
            return self.gradient()
        if text == r"\arg":
            return self.best()
        if text == r"\Pr":
            return self.probability()
        if text == r"\pi":
            self.take()
            return Operation("pi", ())
        if text in _FUNCTIONS:
            return self.applied()
        return self.name_or_call()

    def parenthesis(self) -> Node:
        entries = self.list_in(self.next.text)
        if len(entries) == 1:
            return entries[0]
        self.listed = True
        return Grid(tuple((entry,) for entry in entries))

    def applied(self) -> Node:
        function = self.take()
        kind = function.removeprefix("\\").removeprefix("operatorname{").removesuffix("}")
        power = None
        if self.at("^"):
            self.take()
            power = self.argument()
        inner = self.parenthesis() if self.at("(", "[") else self.power()
        node: Node = Operation(kind, (inner,))
        return node if power is None else Operation("power", (node, power))

    def name_or_call(self) -> Node:
        name = self.name()
        if name.key == "e" and not name.indices:
            return Operation("e", ())
        if self.at("(") and self.next.close and name.key.rstrip("'") in self.functions:
            return Call(name, tuple(scale_of(argument) for argument in self.list_in("(")))
        return name


def scale_of(argument: Node) -> Node:
    """A function of a variance is one of the standard deviation as well."""
    match argument:
        case Operation("power", (Name(r"\sigma" | r"\tau") as base, Number(2.0, _))):
            return base
    return argument


def _index_node(index: Index) -> Node:
    if index.letter:
        raise UnreadableError(index.letter)
    return Number(float(index.offset), str(index.offset))
