"""Hidden units: what they receive and give, in letters, before and after they change places or signs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from generator.notation import Value
from generator.working import Term, apply, num, total

Activation = Literal["tanh", "arctan", "softsign", "odd", "sigmoid", "relu", "softplus"]
ODD: tuple[Activation, ...] = ("tanh", "arctan", "softsign", "odd")
"""Activations with phi(-z) = -phi(z); "odd" is any such function, not named further."""


@dataclass(frozen=True, slots=True)
class Activated(Term):
    """An activation phi that is not named further, applied to a term."""

    entering: Term

    def tex(self) -> str:
        """TeX as a function."""
        text = self.entering.tex()
        return rf"\varphi\left({text}\right)" if "\\sum" in text else rf"\varphi({text})"

    def value(self) -> Value:
        """An undefined function in SymPy."""
        import sympy

        return sympy.Function("varphi")(self.entering.value())

    def children(self) -> tuple[Term, ...]:
        """What enters."""
        return (self.entering,)


@dataclass(frozen=True, slots=True)
class Entering(Term):
    """The weighted sum of all values of the layer below that enters a unit: names, indices and the layer's size."""

    weight: str
    value_below: str
    below: str
    unit: str
    size: str

    def tex(self) -> str:
        """TeX with the sign for a sum."""
        limits = f"_{{{self.below}=1}}^{{{self.size}}}"
        return rf"\sum{limits} {self.weight}_{{{self.below}{self.unit}}} {self.value_below}_{self.below}"

    def value(self) -> Value:
        """The sum in SymPy, weights and values as functions of their indices."""
        import sympy

        below, unit, size = sympy.symbols((self.below, self.unit, self.size), integer=True)
        weight, value_below = sympy.Function(self.weight), sympy.Function(self.value_below)
        return sympy.Sum(weight(below, unit) * value_below(below), (below, 1, size))

    def children(self) -> tuple[Term, ...]:
        """It is printed as a whole."""
        return ()


def network_equations(hidden_layers: int) -> tuple[tuple[str, str, Term], ...]:
    """For every layer above the inputs: one of its values, its indices (TeX), the formula in the layer below."""
    deep = hidden_layers > 1
    indices = ("i", "j", "l", "k") if deep else ("i", "j", "k")
    sizes = ("N", *(("M_1", "M_2") if deep else ("M",)), "K")
    values = ("x", *(("h^{(1)}", "h^{(2)}") if deep else ("h",)), "y")
    sums = [
        Entering(f"w^{{({layer + 1})}}", values[layer], indices[layer], indices[layer + 1], sizes[layer])
        for layer in range(hidden_layers + 1)
    ]
    hidden = [Activated(entering) for entering in sums[:-1]]
    return tuple(
        (f"{value}_{index}", rf"{index} = 1, \ldots, {size}", formula)
        for value, index, size, formula in zip(values[1:], indices[1:], sizes[1:], (*hidden, sums[-1]), strict=True)
    )


def exchange_forms(units: int) -> tuple[Term, Term]:
    """What unit k of the next layer receives from some units, before and after units 1 and 2 change places."""
    import sympy

    terms = [num(sympy.Symbol(f"v_{{{unit}k}}")) * sympy.Symbol(f"h_{unit}") for unit in range(1, units + 1)]
    return total(terms), total([*reversed(terms[:2]), *terms[2:]])


def sign_change_forms() -> tuple[Term, ...]:
    """Equal forms of what unit k of the next layer loses by a sign change of unit j."""
    import sympy

    weight, entering = num(sympy.Symbol("v_{jk}")), num(sympy.Symbol("z_j"))
    value, mirrored = Activated(entering), Activated(-entering)
    return weight * value - -(weight * mirrored), weight * (value + mirrored)


@lru_cache(maxsize=16)
def mirrored_sum(activation: Activation, letter: str = "z") -> tuple[Term, ...]:
    """Equal forms of phi(z) + phi(-z), from the definition to the simplest."""
    import sympy

    z = sympy.Symbol(letter, real=True)
    up, down = num(sympy.exp(z)), num(sympy.exp(-z))
    match activation:
        case "tanh":
            first, second = (up - down) / (up + down), (down - up) / (down + up)
            return first + second, (up - down + down - up) / (up + down), num(0)
        case "arctan":
            right, left = num(sympy.atan(z)), num(sympy.atan(-z, evaluate=False))
            return right + left, right - right, num(0)
        case "softsign":
            size, mirrored_size = (1 + apply("abs", side) for side in (num(z), -num(z)))
            return num(z) / size + -num(z) / mirrored_size, (num(z) - z) / size, num(0)
        case "odd":
            right = Activated(num(z))
            return right + Activated(-num(z)), right - right, num(0)
        case "sigmoid":
            first, second = 1 / (1 + down), 1 / (1 + up)
            return first + second, up / (1 + up) + second, (up + 1) / (1 + up), num(1)
        case "relu":
            return apply("relu", z) + apply("relu", -num(z)), apply("abs", z)
        case "softplus":
            product_form, sum_form = (1 + up) * (1 + down), 2 + up + down
            return (
                apply("ln", 1 + up) + apply("ln", 1 + down),
                apply("ln", product_form),
                apply("ln", sum_form),
            )


def sign_change_loss(activation: Activation) -> Term:
    """The same for one activation: the weight times the simplest form of `mirrored_sum`."""
    import sympy

    weight, simplest = num(sympy.Symbol("v_{jk}")), mirrored_sum(activation, "z_j")[-1]
    return weight if simplest.value() == 1 else weight * simplest
