"""Sums of logarithms worked out to a single logarithm, as a student is asked to."""

from __future__ import annotations

from dataclasses import dataclass

from generator.notation import Value, is_symbolic
from generator.working import Term, num


@dataclass(frozen=True, slots=True)
class Joined(Term):
    """A piece of hand calculation whose value has one logarithm, where the rules of logarithms give one."""

    work: Term

    @property
    def strength(self) -> int:  # type: ignore[override]  # that of the work, since it prints nothing else
        """How strongly the work binds."""
        return self.work.strength

    def tex(self) -> str:
        """The work in TeX."""
        return self.work.tex()

    def value(self) -> Value:
        """The value of the work, in one logarithm."""
        return joined(self.work.value())

    def children(self) -> tuple[Term, ...]:
        """The work."""
        return (self.work,)


def joined(value: Value) -> Value:
    """A number with all multiples of logarithms of fractions put under one logarithm; without any, as it is.

    A multiple stays outside where it would leave a root inside.
    """
    if not is_symbolic(value):
        return value
    import sympy

    argument, rest = sympy.Integer(1), []
    for term in sympy.Add.make_args(value):
        coefficient, factor = term.as_coeff_Mul()
        power = factor.args[0] ** coefficient if isinstance(factor, sympy.log) else None
        if power is not None and power.is_Rational:
            argument *= power
        else:
            rest.append(term)
    return sympy.Add(sympy.log(argument), *rest)


def single(work: Term | Value) -> Term:
    """A term, to be worked out to one logarithm."""
    return Joined(num(work))
