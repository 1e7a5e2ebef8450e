"""What TeX puts around formulas: fractions, derivatives, sums over an index, matrices, cases, brackets and bars."""

from __future__ import annotations

from collections.abc import Callable

from generator.replay.naming import NameReader
from generator.replay.tokens import Token, UnreadableError
from generator.replay.tree import At, Best, Big, Call, Cases, Derivative, Gradient, Grid, Name, Node, Number, Operation

_SEPARATORS = frozenset({",", ";", r"\mid"})
CLOSING = {"(": ")", "[": "]", r"\{": r"\}", r"\lfloor": r"\rfloor", r"\lceil": r"\rceil"}
_COMPARED = frozenset({"=", "<", ">", r"\ne", r"\neq", r"\le", r"\leq", r"\ge", r"\geq"})


class Constructs(NameReader):
    """Reads all that has a formula inside; the formulas themselves are read by the grammar."""

    def sum(self) -> Node:
        """A whole formula."""
        raise NotImplementedError

    def product(self) -> Node:
        """A term."""
        raise NotImplementedError

    def power(self) -> Node:
        """A factor."""
        raise NotImplementedError

    def atom(self) -> Node:
        """The base of a power."""
        raise NotImplementedError

    def begins_factor(self) -> bool:
        """Whether another factor follows without a sign."""
        raise NotImplementedError

    def at_value(self) -> bool:
        """Whether a group with an equation in it follows, as below a bracket."""
        depth = 0
        for token in self.tokens[self.place + 1 :]:
            depth += (token.text == "{") - (token.text == "}")
            if depth == 0 or (depth == 1 and token.text == "="):
                return depth == 1
        return False

    def evaluated(self, base: Node) -> Node:
        """What stands before a group as below a bracket, at the value in the group."""
        self.take("_")
        self.take("{")
        name = self.name()
        self.take("=")
        place = self.sum()
        self.take("}")
        return At(base, name, place)

    def bar(self) -> Node:
        """A formula followed by a tall bar, at the value below the bar."""
        self.take()
        self.bars += 1
        body = self.sum()
        self.bars -= 1
        self.take("|")
        return self.evaluated(body)

    def argument(self) -> Node:
        """A group in braces, or one token: what a power or a fraction takes."""
        if self.at("{"):
            return self.enclosed("{", "}")
        if self.next.text[:1].isdigit() and len(self.next.text) > 1 and self.next.text.isdigit():
            # \frac12 is a half.
            digits = self.take()
            self.place -= 1
            self.tokens[self.place] = Token(digits[1:], True)
            return Number(float(digits[0]), digits[0])
        return self.atom()

    def enclosed(self, opening: str, closing: str) -> Node:
        """A formula in brackets."""
        self.take(opening)
        bars, self.bars = self.bars, 0
        value = self.sum()
        self.bars = bars
        self.take(closing)
        return value

    def absolute(self) -> Node:
        """An absolute value or a norm."""
        opening = self.take()
        closing = r"\rVert" if opening == r"\lVert" else opening
        self.bars += opening != r"\lVert"
        value = self.sum()
        self.bars -= opening != r"\lVert"
        self.take(closing)
        return Operation("absolute" if opening == "|" else "norm", (value,))

    def fraction(self) -> Node:
        """A fraction or a derivative."""
        self.take()
        if self.at("{") and self.peek() in ("d", r"\partial"):
            return self.derivative()
        top = self.argument()
        return Operation("quotient", (top, self.argument()))

    def derivative(self) -> Node:
        """A derivative of what is on the fraction bar or, where that is empty, behind the fraction."""
        self.take("{")
        sign = self.take("d", r"\partial")
        if self.at("^"):
            self.take()
            self.argument()
        subject = None if self.at("}") else self.product()
        self.take("}")
        self.take("{")
        by: list[Name] = []
        while not self.at("}"):
            self.take(sign)
            name = self.name()
            times = 1
            if self.at("^"):
                self.take()
                power = self.argument()
                times = int(power.value) if isinstance(power, Number) else 1
            by += [name] * times
        self.take("}")
        return Derivative(self.power() if subject is None else subject, tuple(by))

    def gradient(self) -> Node:
        """A gradient or a Hessian."""
        self.take()
        by, order = None, 1
        if self.at("_"):
            self.take()
            braced = self.at("{")
            if braced:
                self.take()
            by = self.name()
            if braced:
                self.take("}")
        if self.at("^"):
            self.take()
            self.argument()
            order = 2
        return Gradient(self.product(), by, order)

    def probability(self) -> Node:
        r"""A probability such as ``\Pr(y = 1 \mid x)``: a function, named after the event, of what is given."""
        event = self.take(r"\Pr") + self.take("(") + "".join(self.take() for _ in range(3))
        self.take(r"\mid")
        given = [self.sum()]
        while self.at(","):
            self.take()
            given.append(self.sum())
        self.take(")")
        return Call(Name(f"{event})"), tuple(given))

    def best(self) -> Node:
        """Where all that follows is least or largest."""
        self.take(r"\arg")
        kind = self.take(r"\min", r"\max")[1:]
        self.take("_")
        found: list[Name] = []
        self.group_or(lambda: found.append(self.name()))
        return Best(kind, found[0], self.sum())

    def big(self) -> Node:
        """A sum or product over an index."""
        kind = self.take()[1:]
        letter, low, high, skipped = "", 1, None, None
        while self.at("_", "^"):
            if self.take() == "^":
                high = self.argument()
                continue
            braced = self.at("{")
            if braced:
                self.take()
            letter = self.take()
            if self.at("="):
                self.take()
                low = int(self.take())
            elif self.at(r"\ne", r"\neq"):
                self.take()
                skipped = self.index()
            if braced:
                self.take("}")
        return Big(kind, letter, low, high, skipped, self.body_of(kind))

    def body_of(self, kind: str) -> Node:
        """What is summed goes on to the next sign; what is multiplied ends where the next product or sum starts."""
        if kind == "sum":
            return self.product()
        value = self.power()
        while self.begins_factor() and not self.at(r"\sum", r"\prod"):
            value = Operation("product", (value, self.power()))
        return value

    def environment(self) -> Node:
        """A matrix, or cases."""
        kind = self.take()
        cases = kind.startswith(r"\begin{cases}")
        rows: list[tuple[Node, ...]] = []
        choices: list[tuple[Node, tuple[Node, str, Node] | None]] = []
        bars, self.bars = self.bars, 0
        while not self.next.text.startswith(r"\end{"):
            if cases:
                value = self.sum()
                choices.append((value, self.condition()))
            else:
                entries = [self.sum()]
                while self.at("&"):
                    self.take()
                    entries.append(self.sum())
                rows.append(tuple(entries))
            if self.next.text.startswith("\\\\"):
                self.take()
        self.take()
        self.bars = bars
        return Cases(tuple(choices)) if cases else Grid(tuple(rows))

    def condition(self) -> tuple[Node, str, Node] | None:
        """A condition of one of several cases; None where there is none."""
        words = ""
        while self.at("&", ",") or self.next.text.startswith(r"\text"):
            words += self.take()
        if self.next.text.startswith(("\\\\", r"\end")):
            return None
        left = self.sum()
        relation = self.take(*_COMPARED)
        right = self.sum()
        while self.at(",", "."):
            self.take()
        return left, relation, right

    def group_or(self, reading: Callable[[], object]) -> None:
        """Read something with or without braces around it."""
        braced = self.at("{")
        if braced:
            self.take("{")
        reading()
        if braced:
            self.take("}")

    def list_in(self, opening: str) -> tuple[Node, ...]:
        """Formulas in brackets with commas between them."""
        if opening not in CLOSING:
            raise UnreadableError(opening)
        self.take(opening)
        bars, self.bars = self.bars, 0
        entries = [self.sum()]
        while self.at(*_SEPARATORS):
            self.take()
            entries.append(self.sum())
        self.bars = bars
        self.take(CLOSING[opening])
        return tuple(entries)
