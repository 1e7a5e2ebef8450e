"""TeX of plain arithmetic evaluated again: numbers and matrices of numbers, nothing with a letter in it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TypeAlias

Scalar: TypeAlias = Fraction | float
Result: TypeAlias = Scalar | tuple[tuple[Scalar, ...], ...]
"""A number, or a matrix as a tuple of rows (a column vector has one entry per row)."""


class NotNumericError(Exception):
    """The TeX says more than arithmetic on numbers: it has names, dots or commands of another kind."""


_SPACES = re.compile(r"\\[,;:! ]|\\quad|\\qquad|\\displaystyle|\\left|\\right|\\[bB]igg?[lrm]?(?![a-z])|[\s{}]*~")
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\{,\}\d{3})*(?:\.\d+)?)|(?P<command>\\[A-Za-z]+|\\[|{}])|(?P<euler>e(?=\s*\^))|(?P<sign>[-+*/^(){}\[\]|,&!]))"
)
_MATRIX = re.compile(r"\\begin\{(pmatrix|bmatrix|array)\}(?:\{[|cr l]*\})?(.*?)\\end\{\1\}", re.DOTALL)

_FUNCTIONS: Mapping[str, Callable[[float], float]] = {
    r"\exp": math.exp,
    r"\ln": math.log,
    r"\log": math.log,
    r"\sin": math.sin,
    r"\cos": math.cos,
    r"\tanh": math.tanh,
    r"\sigma": lambda z: 1 / (1 + math.exp(-z)),
    r"\sign": lambda z: float((z > 0) - (z < 0)),
}


def evaluate(tex: str) -> Result:
    """The value of a piece of TeX; exact unless a root or transcendental function is in it.

    Raises NotNumericError for anything but arithmetic (also for division by zero and the like).
    """
    matrices: list[Result] = []

    def stored(match: re.Match[str]) -> str:
        matrices.append(_matrix(match[2]))
        return rf"\matrix{{{len(matrices) - 1}}}"

    flat = _MATRIX.sub(stored, tex)
    if not flat.strip():
        raise NotNumericError(tex)
    try:
        return _Reader(_tokens(flat), matrices).everything()
    except (ArithmeticError, ValueError, IndexError) as problem:
        raise NotNumericError(f"{tex}: {problem}") from problem


def _matrix(body: str) -> tuple[tuple[Scalar, ...], ...]:
    rows = [row for row in body.replace(r"\hline", "").split(r"\\") if row.strip()]
    return tuple(tuple(_scalar(evaluate(cell)) for cell in row.split("&")) for row in rows)


def _tokens(tex: str) -> list[str]:
    text = _SPACES.sub(" ", tex.replace(r"\operatorname{sign}", r"\sign"))
    tokens: list[str] = []
    place = 0
    while text[place:].strip():
        match = _TOKEN.match(text, place)
        if match is None:
            raise NotNumericError(tex)
        tokens.append(match[0].strip().replace("{,}", ""))
        place = match.end()
    return tokens


def _scalar(value: Result) -> Scalar:
    if isinstance(value, tuple):
        raise NotNumericError("a matrix where a number must be")
    return value


class _Reader:
    """A recursive-descent reader: sum > signed product > power > atom."""

    def __init__(self, tokens: list[str], matrices: list[Result]) -> None:
        self.tokens, self.matrices, self.place = tokens, matrices, 0

    def everything(self) -> Result:
        value = self.sum()
        if self.place != len(self.tokens):
            raise NotNumericError(" ".join(self.tokens))
        return value

    @property
    def next(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self, *expected: str) -> str:
        token = self.next
        if not token or (expected and token not in expected):
            raise NotNumericError(token or "the end")
        self.place += 1
        return token

    def sum(self) -> Result:
        value = self.product()
        while self.next in ("+", "-"):
            sign = self.take()
            other = self.product()
            value = _add(value, other if sign == "+" else _times(Fraction(-1), other))
        return value

    def product(self) -> Result:
        if self.next in ("-", "+"):
            sign = self.take()
            inner = self.product()
            return _times(Fraction(-1), inner) if sign == "-" else inner
        value = self.power()
        while True:
            if self.next in (r"\cdot", r"\times", "*"):
                self.take()
                value = _times(value, self.signed_power())
            elif self.next in ("/", r"\div"):
                self.take()
                value = _times(value, 1 / _scalar(self.signed_power()))
            elif self.next in ("(", "e", r"\frac", r"\tfrac", r"\dfrac", r"\matrix", r"\sqrt", *_FUNCTIONS) or (
                self.next[:1].isdigit() and self.tokens[self.place - 1] in (")", "}")
            ):
                value = _times(value, self.power())
            else:
                return value

    def signed_power(self) -> Result:
        if self.next == "-":
            self.take()
            return _times(Fraction(-1), self.power())
        return self.power()

    def power(self) -> Result:
        base = self.atom()
        while self.next in ("^", "!"):
            if self.take() == "!":
                base = Fraction(math.factorial(_whole(_scalar(base))))
                continue
            base = _raise(base, self.exponent())
        return base

    def exponent(self) -> Scalar:
        return self.group() if self.next == "{" else _scalar(self.atom())

    def group(self) -> Scalar:
        self.take("{")
        value = self.sum()
        self.take("}")
        return _scalar(value)

    def argument(self) -> Scalar:
        r"""What a function is applied to: a group, or as in ``\ln 3`` the next atom."""
        return self.group() if self.next == "{" else _scalar(self.atom())

    def atom(self) -> Result:
        token = self.take()
        if token[0].isdigit():
            return Fraction(token)
        match token:
            case "(" | "[":
                value = self.sum()
                self.take(")" if token == "(" else "]")
                return value
            case "{":
                self.place -= 1
                return self.group()
            case r"\lfloor" | r"\lceil":
                inner = _scalar(self.sum())
                self.take(token.replace("l", "r", 1))
                return Fraction(math.floor(inner) if token == r"\lfloor" else math.ceil(inner))
            case "|":
                inner = _scalar(self.sum())
                self.take("|")
                return inner if inner >= 0 else -inner
            case r"\frac" | r"\tfrac" | r"\dfrac":
                top = self.group()
                return top / self.group()
            case r"\sqrt":
                return _root(self.group())
            case r"\max" | r"\min":
                return self.extreme(max if token == r"\max" else min)
            case r"\matrix":
                return self.matrices[_whole(self.group())]
            case r"\pi":
                return math.pi
            case "e":
                return math.e
        if token in _FUNCTIONS:
            return self.applied(_FUNCTIONS[token])
        raise NotNumericError(token)

    def applied(self, function: Callable[[float], float]) -> Scalar:
        if self.next == "^":
            raise NotNumericError("a power of a function")
        return function(float(self.argument()))

    def extreme(self, best: Callable[[Scalar, Scalar], Scalar]) -> Scalar:
        closing = {"(": ")", r"\{": r"\}"}[self.take("(", r"\{")]
        value = _scalar(self.sum())
        while self.next == ",":
            self.take()
            value = best(value, _scalar(self.sum()))
        self.take(closing)
        return value


def _whole(value: Scalar) -> int:
    if not -1000 <= value <= 1000 or int(value) != value:
        raise NotNumericError(str(value))
    return int(value)


def _root(value: Scalar) -> Scalar:
    if isinstance(value, Fraction) and value >= 0:
        top, bottom = math.isqrt(value.numerator), math.isqrt(value.denominator)
        if top * top == value.numerator and bottom * bottom == value.denominator:
            return Fraction(top, bottom)
    return math.sqrt(value)


def _raise(base: Result, exponent: Scalar) -> Scalar:
    number = _scalar(base)
    if isinstance(number, Fraction) and isinstance(exponent, Fraction) and exponent.denominator == 1:
        return number ** _whole(exponent)
    return math.pow(number, exponent)


def _add(one: Result, other: Result) -> Result:
    if isinstance(one, tuple) and isinstance(other, tuple):
        if [len(row) for row in one] != [len(row) for row in other]:
            raise NotNumericError("matrices of different shapes added")
        return tuple(tuple(a + b for a, b in zip(*rows, strict=True)) for rows in zip(one, other, strict=True))
    return _scalar(one) + _scalar(other)


def _times(one: Result, other: Result) -> Result:
    if isinstance(one, tuple) and isinstance(other, tuple):
        if len(one[0]) != len(other):
            raise NotNumericError("matrices of different shapes multiplied")
        columns = list(zip(*other, strict=True))
        return tuple(tuple(sum(a * b for a, b in zip(row, column, strict=True)) for column in columns) for row in one)
    if isinstance(one, tuple):
        return tuple(tuple(entry * _scalar(other) for entry in row) for row in one)
    if isinstance(other, tuple):
        return _times(other, one)
    return one * other
