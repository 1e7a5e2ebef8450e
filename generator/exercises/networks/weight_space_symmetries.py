"""Weight-space symmetries: how many networks compute the same when hidden units change places or signs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import factorial
from typing import Annotated, Self

from generator.draw import Draw, Level
from generator.exercise import (
    Between,
    Check,
    Condition,
    Exercise,
    Length,
    Part,
    Slip,
    Solution,
    Space,
    agree,
    exercise,
    must,
    wanted,
)
from generator.figure import Figure, Weight, network_figure, words
from generator.notation import Value
from generator.solver.formula import letters_tex
from generator.solver.hidden_units import (
    ODD,
    Activation,
    exchange_forms,
    mirrored_sum,
    network_equations,
    sign_change_forms,
    sign_change_loss,
)
from generator.solver.symmetries import count, count_factors, equal_networks, letter
from generator.working import Term, num, product, total

LARGEST_LAYER = 8
"""Hidden units whose orders and signs the independent route tries one by one."""
LARGEST_COLUMN = 6
"""Units of a layer that a drawing shows one by one."""
ACTIVATIONS: Mapping[Level, tuple[Activation, ...]] = {
    "easy": ("tanh", "odd", "relu", "sigmoid"),
    "medium": ("tanh", "arctan", "softsign", "odd", "relu", "sigmoid", "softplus"),
    "hard": ("tanh", "arctan", "softsign", "odd", "relu", "sigmoid", "softplus"),
}
HIDDEN: Mapping[tuple[Level, bool], tuple[tuple[int, ...], ...]] = {
    ("easy", True): ((3,), (4,)),
    ("easy", False): ((3,), (4,)),
    ("medium", True): ((3,), (4,), (5,)),
    ("medium", False): ((4,), (5,), (6,)),
    ("hard", True): ((2, 3), (3, 2), (2, 4), (4, 2), (3, 3), (3, 4), (4, 3)),
    ("hard", False): ((2, 5), (5, 2), (3, 4), (4, 3), (4, 4), (3, 5), (5, 3), (4, 5), (5, 4)),
}
"""Hidden layers by level and by whether the activation is odd, which adds the powers of 2."""


@exercise(title="Weight-space symmetries of a network", source=("D3",))
@dataclass(frozen=True, slots=True)
class WeightSpaceSymmetries(Exercise):
    """Layer sizes from inputs to outputs, one or two hidden layers of one activation, linear outputs, no biases."""

    sizes: Annotated[tuple[Annotated[int, Between(1, 20)], ...], Length(3, 4)]
    activation: Activation

    @classmethod
    def draw(cls, d: Draw, level: Level) -> Self:
        activation = d.given("activation", lambda: d.pick(ACTIVATIONS[level]))
        widest = {"easy": 6, "medium": 6, "hard": 5}[level]

        def sizes() -> tuple[int, ...]:
            hidden = d.pick(HIDDEN[level, activation in ODD])
            return (d.integer(2, widest), *hidden, d.integer(1, widest - 1))

        return cls(sizes=d.given("sizes", sizes), activation=activation)

    @property
    def hidden(self) -> tuple[int, ...]:
        """The sizes of the hidden layers."""
        return self.sizes[1:-1]

    @property
    def odd(self) -> bool:
        """Whether sign changes are symmetries."""
        return self.activation in ODD

    def conditions(self) -> Iterable[Condition]:
        yield must(f"a hidden layer has at most {LARGEST_LAYER} units", max(self.hidden) <= LARGEST_LAYER)
        yield wanted("every hidden layer has units to exchange", min(self.hidden) > 1)

    def solve(self) -> Solution:
        letters = _letters(len(self.hidden))
        formula = letters_tex(product(count_factors(letters, flips=self.odd)))
        return Solution(
            (
                Part("a", "figure", None, 2, space=Space("blank", rows=min(max(9, 2 * max(self.sizes)), 20))),
                Part("b", "derivation", None, 4, work=self._reasons()),
                Part("c", "expression", _expression(len(self.hidden), self.odd), 2, tex=formula),
                Part(
                    "d",
                    "integer",
                    count(self.hidden, flips=self.odd),
                    2,
                    work={"chain": self._chain()},
                    extra_effort={"multiplications": sum(self.hidden) * (1 + self.odd)},
                ),
            ),
            work={
                "letters": letters,
                "equations": tuple(
                    (left, formula.tex(), indices) for left, indices, formula in network_equations(len(self.hidden))
                ),
                "activation": self._definition(),
                "odd": self.odd,
            },
        )

    def _definition(self) -> str | None:
        """The activation's formula; None where the question tells no more of it than that it is odd."""
        return None if self.activation == "odd" else letters_tex(mirrored_sum(self.activation)[0].children()[0])

    def _reasons(self) -> Mapping[str, Value]:
        """The input of a unit above the widest hidden layer, before and after an exchange; what a sign change does."""
        units = max(self.hidden)
        before, after = map(letters_tex, exchange_forms(units))
        return {
            "before": before,
            "after": after,
            "units": units,
            "loss": list(map(letters_tex, sign_change_forms())),
            # Where nothing but oddness is known, the definition says no more than the left-hand side.
            "forms": list(dict.fromkeys(map(letters_tex, (*mirrored_sum("odd")[:1], *mirrored_sum(self.activation))))),
            "lost": letters_tex(sign_change_loss(self.activation)),
        }

    def _chain(self) -> str:
        """The count with the numbers put in, step by step."""
        factors = count_factors(self.hidden, flips=self.odd)
        whole = product(factors)
        steps = (whole, product(factor.value() for factor in factors), num(whole.value()))
        texts = [step.tex() for step in steps]
        return " = ".join(text for text, after in pairwise([*texts, ""]) if text != after)

    def check(self, solution: Solution) -> Iterable[Check]:
        tried = "all networks with exchanged and sign-changed hidden units built, run on inputs, and counted"
        small = [(2,), (3,), (4,)] if len(self.hidden) == 1 else [(2, 2), (2, 3), (3, 2)]
        exact = tuple(_value(solution["c"].answer, hidden) for hidden in small)
        yield agree("c", tried, exact, tuple(equal_networks(hidden, self.activation) for hidden in small))
        _, *between, _ = self.sizes
        found = equal_networks(tuple(between), self.activation)
        yield agree("d", tried, solution["d"].answer, found)
        worked = product(count_factors(self.hidden, flips=self.odd)).value()
        yield agree("d", f"{tried}, against the product worked out", worked, found)

    def slips(self) -> Iterable[Slip]:
        for name, term in _wrong_counts(len(self.hidden), self.odd).items():
            yield Slip("c", name, term.value(), apart=True, tex=letters_tex(term))
            yield Slip("d", name, _value(term.value(), self.hidden), apart=True)
        ends = factorial(self.sizes[0]) * factorial(self.sizes[-1])
        if ends > 1:
            yield Slip("d", "inputs and outputs exchanged too", ends * count(self.hidden, flips=self.odd))

    def pattern(self) -> str:
        if self.activation == "odd":
            return "activation odd by assumption"
        return f"activation {'odd' if self.odd else 'not odd'}, to be shown"

    def figures(self, solution: Solution) -> Mapping[str, Figure]:
        del solution  # the network is known from its sizes
        return {"network": _drawing(self.sizes)}


def _letters(layers: int) -> list[str]:
    return ["M"] if layers == 1 else [f"M_{layer}" for layer in range(1, layers + 1)]


@lru_cache(maxsize=8)
def _expression(layers: int, odd: bool) -> Value:
    import sympy

    return count(sympy.symbols(_letters(layers)), flips=odd, factorial=sympy.factorial)


@lru_cache(maxsize=512)
def _value(expression: Value, hidden: tuple[int, ...]) -> int:
    import sympy

    return int(expression.subs(dict(zip(sympy.symbols(_letters(len(hidden))), hidden, strict=True))))


@lru_cache(maxsize=8)
def _wrong_counts(layers: int, odd: bool) -> Mapping[str, Term]:
    """What typical wrong reasoning counts, in the letters of the hidden layers' sizes."""
    letters = _letters(layers)
    units = [letter(size) for size in letters]
    signs = [count_factors([size], flips=True)[1] for size in letters]
    orders = [count_factors([size], flips=False)[0] for size in letters]
    right = [product(count_factors([size], flips=odd)) for size in letters]
    pairs = [size * (size - 1) / 2 for size in units]
    if odd:
        found = {
            "pairs of units counted instead of orders": _alternating(pairs, signs),
            "sign changes forgotten": product(orders),
            "orders of the units forgotten": product(signs),
            "one sign for a whole layer": product([factor for order in orders for factor in (num(2), order)]),
            r"$2 M$ choices of signs in place of $2^M$": _alternating([2 * size for size in units], orders),
        }
    else:
        found = {
            "pairs of units counted instead of orders": product(pairs),
            "sign changes counted although they alter the output": _alternating(orders, signs),
        }
    if layers > 1:
        found |= {
            "layers added instead of multiplied": total(right),
            "units exchanged across layers": product(count_factors([" + ".join(letters)], flips=odd)),
        }
    return found


def _alternating(first: Sequence[Term], second: Sequence[Term]) -> Term:
    return product([factor for pair in zip(first, second, strict=True) for factor in pair])


@lru_cache(maxsize=128)
def _drawing(sizes: tuple[int, ...]) -> Figure:
    """The network, every unit joined to all units of the next layer; long layers are shortened by dots."""
    hidden = len(sizes) - 2
    names = ["x", *(["h"] if hidden == 1 else [f"h^{{({layer})}}" for layer in range(1, hidden + 1)]), "y"]
    layers = [_column(name, size) for name, size in zip(names, sizes, strict=True)]
    shown = [[place for place, label in enumerate(layer) if label != r"\vdots"] for layer in layers]
    weights = [
        Weight((layer, below), (layer + 1, above))
        for layer, (lower, upper) in enumerate(pairwise(shown))
        for below in lower
        for above in upper
    ]
    between = ["hidden units"] if hidden == 1 else [f"hidden layer {layer}" for layer in range(1, hidden + 1)]
    captions = [words(caption) for caption in ("inputs", *between, "outputs")]
    lead = "The network, every unit connected to all units of the next layer."
    return network_figure(layers, weights, description=lead, captions=captions)


def _column(name: str, size: int) -> list[str]:
    if size <= LARGEST_COLUMN:
        return [f"{name}_{place}" for place in range(1, size + 1)]
    return [*(f"{name}_{place}" for place in range(1, LARGEST_COLUMN - 1)), r"\vdots", f"{name}_{{{size}}}"]
