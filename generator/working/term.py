"""Pieces of hand calculation that print themselves, evaluate themselves and count their operations."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor, prod
from typing import Literal, TypeAlias

from generator.exact import Log, Number, normal_form, symbolic
from generator.notation import Value, flat_parentheses, is_symbolic, tex

Operations: TypeAlias = Counter[str]
Function = Literal["exp", "ln", "sin", "cos", "tanh", "sqrt", "sigma", "relu", "abs", "floor"]

# Binding strengths of TeX output: an operand that binds less strongly than its place asks for gets parentheses.
_SUM, _PRODUCT, _POWER, _ATOM = 1, 2, 3, 4


class Term(ABC):
    """A piece of hand calculation that prints itself, evaluates itself and counts its operations."""

    __slots__ = ()
    strength = _ATOM

    @abstractmethod
    def tex(self) -> str:
        """TeX with exactly the parentheses that are needed."""

    @abstractmethod
    def value(self) -> Value:
        """The exact value: int, Fraction, or a SymPy number where logarithms and the like are involved."""

    @abstractmethod
    def children(self) -> tuple[Term, ...]:
        """The operands."""

    def own_operations(self) -> Operations:
        """The hand operations of this node alone, by kind."""
        return Counter()

    def operations(self) -> Operations:
        """All hand operations, by kind."""
        count = self.own_operations()
        for child in self.children():
            count += child.operations()
        return count

    def leaves(self) -> Iterator[Num]:
        """The printed numbers, from left to right."""
        for child in self.children():
            yield from child.leaves()

    def __add__(self, other: Term | Number | Decimal) -> Sum:
        return Sum((*_terms(self), num(other)))

    def __sub__(self, other: Term | Number | Decimal) -> Sum:
        return Sum((*_terms(self), Negative(num(other))))

    def __mul__(self, other: Term | Number | Decimal) -> Product:
        return Product((*(self.factors if isinstance(self, Product) else (self,)), num(other)))

    def __truediv__(self, other: Term | Number | Decimal) -> Quotient:
        return Quotient(self, num(other))

    def __pow__(self, exponent: int) -> Power:
        return Power(self, exponent)

    def __neg__(self) -> Negative:
        return Negative(self)

    def __radd__(self, other: Number | Decimal) -> Sum:
        return num(other) + self

    def __rsub__(self, other: Number | Decimal) -> Sum:
        return num(other) - self

    def __rmul__(self, other: Number | Decimal) -> Product:
        return num(other) * self

    def __rtruediv__(self, other: Number | Decimal) -> Quotient:
        return num(other) / self


def _terms(term: Term) -> tuple[Term, ...]:
    return term.terms if isinstance(term, Sum) else (term,)


def _is_log(term: Term) -> bool:
    return isinstance(term, Num) and isinstance(term.number, Log)


def _in_parentheses(text: str) -> str:
    return rf"\left({text}\right)" if r"\frac" in text else f"({text})"


def _operand(term: Term, at_least: int) -> str:
    text = term.tex()
    return _in_parentheses(text) if term.strength < at_least else text


def _after_sign(term: Term) -> str:
    r"""A term behind a plus or minus: no sign may follow a sign, so 3 + (-2) \cdot 4."""
    text = _operand(term, _PRODUCT)
    if not text.startswith("-"):
        return text
    if isinstance(term, Product):
        return r" \cdot ".join([_in_parentheses(term.factors[0].tex()), *term.other_factors()])
    return _in_parentheses(text)


@dataclass(frozen=True, slots=True)
class Num(Term):
    """A printed number."""

    number: Value

    @property
    def strength(self) -> int:  # type: ignore[override]  # a number's strength depends on its sign
        """A negative number needs parentheses wherever a sum would."""
        text = self.tex()
        if text.startswith("-") or (is_symbolic(self.number) and getattr(self.number, "is_Add", False)):
            return _SUM
        return _POWER if isinstance(self.number, Fraction | Log) or is_symbolic(self.number) else _ATOM

    def tex(self) -> str:
        return tex(self.number)

    def value(self) -> Value:
        if isinstance(self.number, Log):
            return symbolic(self.number)
        if isinstance(self.number, int | Fraction | Decimal):
            return normal_form(Fraction(self.number))
        return self.number

    def children(self) -> tuple[Term, ...]:
        return ()

    def leaves(self) -> Iterator[Num]:
        yield self


@dataclass(frozen=True, slots=True)
class Sum(Term):
    """Terms added (or, where a term is `Negative`, subtracted) from left to right."""

    terms: tuple[Term, ...]
    strength = _SUM

    def tex(self) -> str:
        text = self.terms[0].tex()
        for term in self.terms[1:]:
            if isinstance(term, Negative):
                text += f" - {_after_sign(term.operand)}"
            elif isinstance(term, Num) and term.tex().startswith("-"):
                text += f" - {term.tex()[1:]}"
            else:
                text += f" + {_after_sign(term)}"
        return text

    def value(self) -> Value:
        return _add(term.value() for term in self.terms)

    def children(self) -> tuple[Term, ...]:
        return self.terms

    def own_operations(self) -> Operations:
        return Counter(additions=len(self.terms) - 1)


@dataclass(frozen=True, slots=True)
class Negative(Term):
    """The opposite of a term."""

    operand: Term
    strength = _SUM

    def tex(self) -> str:
        return f"-{_after_sign(self.operand)}"

    def value(self) -> Value:
        return -self.operand.value()

    def children(self) -> tuple[Term, ...]:
        return (self.operand,)


@dataclass(frozen=True, slots=True)
class Product(Term):
    """Factors multiplied."""

    factors: tuple[Term, ...]
    strength = _PRODUCT

    def tex(self) -> str:
        first = self.factors[0]
        # A leading negative number stands without parentheses: -2 \cdot 3.
        bare = isinstance(first, Num) and not getattr(first.number, "is_Add", False)
        lead = first.tex() if bare else _operand(first, _PRODUCT)
        if len(self.factors) > 1 and _is_log(first):
            lead = _in_parentheses(first.tex())
        return r" \cdot ".join([lead, *self.other_factors()])

    def other_factors(self) -> tuple[str, ...]:
        """TeX of all factors but the first, in parentheses where needed."""
        *middle, last = self.factors
        # "ln 2 \cdot 3" could be read as the logarithm of a product.
        texts = [_operand(factor, _ATOM if _is_log(factor) else _PRODUCT) for factor in middle[1:]]
        return (*texts, _operand(last, _PRODUCT)) if middle else ()

    def value(self) -> Value:
        return prod(factor.value() for factor in self.factors)

    def children(self) -> tuple[Term, ...]:
        return self.factors

    def own_operations(self) -> Operations:
        return Counter(multiplications=len(self.factors) - 1)


@dataclass(frozen=True, slots=True)
class Quotient(Term):
    """A fraction whose parts are still to be worked out."""

    numerator: Term
    denominator: Term
    strength = _POWER

    def tex(self) -> str:
        return rf"\frac{{{self.numerator.tex()}}}{{{self.denominator.tex()}}}"

    def value(self) -> Value:
        top, bottom = self.numerator.value(), self.denominator.value()
        if isinstance(top, int | Fraction) and isinstance(bottom, int | Fraction):
            return normal_form(Fraction(top) / Fraction(bottom))
        return _as_symbolic(top) / _as_symbolic(bottom)

    def children(self) -> tuple[Term, ...]:
        return (self.numerator, self.denominator)

    def own_operations(self) -> Operations:
        return Counter(divisions=1)


@dataclass(frozen=True, slots=True)
class Power(Term):
    """A term raised to a whole power."""

    base: Term
    exponent: int
    strength = _POWER

    def tex(self) -> str:
        return f"{_operand(self.base, _ATOM)}^{{{self.exponent}}}"

    def value(self) -> Value:
        base = self.base.value()
        if isinstance(base, int | Fraction):
            return normal_form(Fraction(base) ** self.exponent)
        return base**self.exponent

    def children(self) -> tuple[Term, ...]:
        return (self.base,)

    def own_operations(self) -> Operations:
        return Counter(powers=1)


_FUNCTION_TEX: Mapping[str, str] = {
    "exp": r"\exp\left({}\right)",
    "ln": r"\ln\left({}\right)",
    "sin": r"\sin\left({}\right)",
    "cos": r"\cos\left({}\right)",
    "tanh": r"\tanh\left({}\right)",
    "sqrt": r"\sqrt{{{}}}",
    "sigma": r"\sigma\left({}\right)",
    "relu": r"\max\left({}, 0\right)",
    "abs": r"\left|{}\right|",
    "floor": r"\left\lfloor {} \right\rfloor",
}


@dataclass(frozen=True, slots=True)
class Apply(Term):
    """A function applied to a term."""

    function: Function
    argument: Term

    def tex(self) -> str:
        return flat_parentheses(_FUNCTION_TEX[self.function].format(self.argument.tex()))

    def value(self) -> Value:
        argument = self.argument.value()
        if isinstance(argument, int | Fraction):
            if self.function == "relu":
                return max(argument, 0)
            if self.function == "abs":
                return abs(argument)
            if self.function == "floor":
                return floor(argument)
        import sympy

        symbol = _as_symbolic(argument)
        if self.function == "sigma":
            return exactly(1 / (1 + sympy.exp(-symbol)))
        if self.function == "relu":
            return exactly(sympy.Max(symbol, 0))
        named = {"ln": sympy.log, "abs": sympy.Abs}.get(self.function) or getattr(sympy, self.function)
        return exactly(named(symbol))

    def children(self) -> tuple[Term, ...]:
        return (self.argument,)

    def own_operations(self) -> Operations:
        return Counter(functions=1)


def _as_symbolic(value: Value) -> Value:
    return symbolic(value) if isinstance(value, int | Fraction) else value


def exactly(value: Value) -> Value:
    """SymPy's rational numbers as int or Fraction; anything else as it is."""
    if getattr(value, "is_Rational", False):
        return normal_form(Fraction(int(value.p), int(value.q)))
    return normal_form(value) if isinstance(value, Fraction) else value


def _add(values: Iterable[Value]) -> Value:
    result: Value = 0
    for value in values:
        if isinstance(value, int | Fraction) and isinstance(result, int | Fraction):
            result = normal_form(Fraction(result) + Fraction(value))
        else:
            result = _as_symbolic(result) + _as_symbolic(value)
    return exactly(result)


def num(number: Term | Value) -> Term:
    """A printed number as a term; terms pass through."""
    return number if isinstance(number, Term) else Num(number)


def total(terms: Iterable[Term | Value]) -> Term:
    """The sum of some terms."""
    parts = tuple(num(term) for term in terms)
    return parts[0] if len(parts) == 1 else Sum(parts)


def product(factors: Iterable[Term | Value]) -> Term:
    """The product of some terms."""
    parts = tuple(num(factor) for factor in factors)
    return parts[0] if len(parts) == 1 else Product(parts)


def apply(function: Function, argument: Term | Value) -> Apply:
    """A function of a term."""
    return Apply(function, num(argument))
