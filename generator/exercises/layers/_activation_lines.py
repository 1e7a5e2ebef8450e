"""The worked lines that lead to the output of an activation layer."""

from __future__ import annotations

from dataclasses import dataclass

from generator.exact import Log, Number, normal_form, symbolic
from generator.exercises._decimals import step_line
from generator.exercises.layers._activation_draw import SMOOTH
from generator.notation import Value
from generator.solver.activations import Name, activation
from generator.solver.formula import Formula, formula_tex
from generator.solver.written import written_tex
from generator.working import Line, Term, apply, line, num


@dataclass(frozen=True, slots=True)
class Exponentials:
    """The exponentials u and v of the i-th input and of its opposite: plain to see, or rounded in a line first."""

    i: int
    x: Value
    places: int | None

    def name(self, sign: int) -> str:
        """The letter of a rounded one."""
        return f"{'u' if sign > 0 else 'v'}_{self.i}"

    def line(self, sign: int) -> Line:
        """The worked line of a rounded one."""
        formula = f"e^{{{'-' if sign < 0 else ''}x_{self.i}}}"
        return line(self.name(sign), apply("exp", sign * self.x), formula, self.places)

    def lines(self, *signs: int) -> tuple[Line, ...]:
        """The worked lines, none where the exponential of a logarithm is plain to see."""
        return tuple(map(self.line, signs)) if self.places is not None else ()

    def term(self, sign: int) -> Term:
        """The exponential as a number for further lines."""
        return num(self.line(sign).result if self.places is not None else _exp(self.x, sign))


def _exp(x: Number, sign: int) -> Value:
    """The exponential of x or of -x, a plain number where x is a logarithm."""
    if isinstance(x, Log):
        return normal_form(x.argument**sign)
    import sympy

    return 1 if x == 0 else sympy.exp(sign * symbolic(x))


def sigmoid(x: Number) -> Value:
    """The exact sigmoid of an input."""
    return (num(1) / (num(1) + num(_exp(x, -1)))).value()


def forward(layer: Name, i: int, x: Value, constant: Value, powers: Exponentials) -> tuple[Line, ...]:
    """The lines that lead to the i-th output, the output last."""
    left, known = f"y_{i}", activation(layer, str(i))
    side = 0 if float(x) > 0 or layer in SMOOTH else -1
    formula = written_tex(known.pieces[side].value)

    def by_powers(left: str, formula: str, work: Formula, *signs: int, **others: Value) -> tuple[Line, ...]:
        """The lines of the exponentials and one that uses them, in their letters where they are rounded."""
        letters = {name: num(value) for name, value in others.items()}
        letters |= {powers.name(sign): powers.term(sign) for sign in signs}
        shown = formula if powers.places is None else formula_tex(work, *letters)
        return (*powers.lines(*signs), line(left, work(*letters.values()), shown, powers.places))

    match layer:
        case "sigmoid":
            return by_powers(left, formula, lambda v: 1 / (1 + v), -1)
        case "silu":
            sigmoid = written_tex(activation("sigmoid", str(i)).definition[0].value)
            before = by_powers(f"s_{i}", sigmoid, lambda v: 1 / (1 + v), -1)
            factors = {f"x_{i}": x, f"s_{i}": before[-1].result}
            return (*before, step_line(left, lambda x, s: x * s, factors, places=powers.places))
        case "tanh":
            return by_powers(left, formula, lambda u, v: (u - v) / (u + v), 1, -1)
        case "softplus":
            return by_powers(left, formula, lambda u: apply("ln", 1 + u), 1)
        case "elu" if float(x) < 0:
            return by_powers(left, formula, lambda a, u: a * (u - 1), 1, a=constant)
        case "hard-tanh" if abs(float(x)) > 1:
            return (line(left, 1 if float(x) > 0 else -1),)
        case "hard-tanh":
            return (line(left, num(x), f"x_{i}"),)
        case "relu" if float(x) < 0:
            return (line(left, 0),)
        case "leaky-relu" | "prelu" if float(x) < 0:
            return (line(left, num(constant) * x, formula),)
    return (line(left, num(x), formula),)


def parameter_factor(layer: Name, x: Value, powers: Exponentials) -> Term:
    """The derivative of an output by the parameter, with what is printed."""
    if float(x) > 0:
        return num(0)
    return powers.term(1) - 1 if layer == "elu" else num(x)
