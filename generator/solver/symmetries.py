"""Weight-space symmetries: changes of a network's weights that leave its output as it is for every input."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, permutations, product
from math import factorial, prod
from typing import Any

from generator.notation import Value
from generator.solver.hidden_units import Activation
from generator.working import Term, num

FULL = 5000
"""Networks that are built and compared at once; beyond, layers (then permutations and signs) are counted apart."""


def count(
    sizes: Sequence[Any], *, flips: bool, orders: bool = True, factorial: Callable[[Any], Any] = factorial
) -> Any:
    """M! orders of the units of each hidden layer times 2^M choices of their signs, for numbers or symbols M.

    Source: Chen, Lu and Hecht-Nielsen (1993), On the geometry of feedforward neural network error surfaces.
    """
    return prod((factorial(size) if orders else 1) * (2**size if flips else 1) for size in sizes)


@dataclass(frozen=True, slots=True)
class Factorial(Term):
    """The number of orders of some units, a number or a letter."""

    units: Term

    def tex(self) -> str:
        """TeX with the exclamation mark."""
        text = self.units.tex()
        return f"({text})!" if " " in text else f"{text}!"

    def value(self) -> Value:
        """The product 1 · 2 · … as a number, or as SymPy's factorial."""
        import sympy

        units = self.units.value()
        return factorial(units) if isinstance(units, int) else sympy.factorial(units)

    def children(self) -> tuple[Term, ...]:
        """What the factorial is of."""
        return (self.units,)


def count_factors(sizes: Sequence[int | str], *, flips: bool) -> tuple[Term, ...]:
    """The factors of `count`, for the numbers or the letters of the units in the hidden layers."""
    return tuple(factor for size in sizes for factor in (Factorial(letter(size)), *[_signs_of(size)] * flips))


def letter(size: int | str) -> Term:
    """A number of units, or its letter as a symbol; several letters may be joined by plus signs."""
    import sympy

    return num(size if isinstance(size, int) else sympy.Add(*sympy.symbols(size.split(" + "))))


def _signs_of(size: int | str) -> Term:
    return num(2) ** size if isinstance(size, int) else num(2 ** letter(size).value())


def _functions() -> Mapping[Activation, Callable[[Any], Any]]:
    import numpy as np

    return {
        "tanh": np.tanh,
        "arctan": np.arctan,
        "softsign": lambda z: z / (1 + np.abs(z)),
        "odd": lambda z: z + z**3,
        "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
        "relu": lambda z: np.maximum(z, 0),
        "softplus": lambda z: np.log1p(np.exp(z)),
    }


@lru_cache(maxsize=512)
def equal_networks(hidden: tuple[int, ...], activation: Activation) -> int:
    """How many networks with the output of a generic one arise when its hidden units change places and signs.

    All of them are built and run, together or, where they are too many, layer by layer. Time and memory grow with
    the factorial of the largest layer; 8 units take about a second.
    """
    if count(hidden, flips=True) <= FULL:
        return _counted(activation, [_orders_and_signs(size) for size in hidden])
    if len(hidden) > 1:
        return prod(equal_networks((size,), activation) for size in hidden)
    # Every order is tried and every choice of signs; where all orders agree, their combinations follow.
    (size,) = hidden
    return _counted(activation, [_orders(size)]) * _counted(activation, [_signs(size)])


def _orders(size: int) -> Any:
    """All permutation matrices."""
    import numpy as np

    return np.eye(size)[np.array(list(permutations(range(size))))]


def _signs(size: int) -> Any:
    """All diagonal matrices of 1 and -1."""
    import numpy as np

    return np.array(list(product((1.0, -1.0), repeat=size)))[:, :, None] * np.eye(size)


def _orders_and_signs(size: int) -> Any:
    import numpy as np

    return np.einsum("aij,bjk->abik", _orders(size), _signs(size)).reshape(-1, size, size)


def _generic(rows: int, columns: int, start: int) -> Any:
    """A matrix whose entries have nothing to do with each other, neither in size nor in sign."""
    import numpy as np

    return 1.5 * np.cos(np.arange(start, start + rows * columns) ** 2.0).reshape(rows, columns)


def _counted(activation: Activation, changes: Sequence[Any]) -> int:
    """The different networks with unchanged output; ``changes`` has the matrices that may act on each hidden layer."""
    import numpy as np

    inputs, outputs = 2, 2
    sizes = [inputs, *(change.shape[1] for change in changes), outputs]
    weights = [_generic(above, below, 7 * layer + 1) for layer, (below, above) in enumerate(pairwise(sizes))]
    batches = np.array(list(product(*(range(len(change)) for change in changes))))
    chosen = [change[batches[:, layer]] for layer, change in enumerate(changes)]
    before = [np.broadcast_to(np.eye(inputs), (len(batches), inputs, inputs)), *chosen]
    after = [*chosen, np.broadcast_to(np.eye(outputs), (len(batches), outputs, outputs))]
    # A change acts on what enters the layer from the left; its inverse, the transpose, on what leaves it.
    changed = [
        left @ weight @ right.transpose(0, 2, 1) for weight, left, right in zip(weights, after, before, strict=True)
    ]
    values = np.broadcast_to(_generic(inputs, 6, 50), (len(batches), inputs, 6))
    for weight in changed[:-1]:
        values = _functions()[activation](weight @ values)
    found = changed[-1] @ values
    # The first network is the original one, changed by nothing.
    same = np.abs(found - found[0]).max(axis=(1, 2)) < 1e-9
    flat = np.concatenate([weight[same].reshape(int(same.sum()), -1) for weight in changed], axis=1)
    return len(np.unique(flat.round(9), axis=0))
