"""How many multiplications the derivative of a chain of layers takes, from its input end or from its output end."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise


def forward_products(sizes: Sequence[int]) -> tuple[tuple[int, int, int], ...]:
    """The matrix products of forward mode, each as (rows, inner length, columns).

    ``sizes`` are the numbers of units from the input to the output; the Jacobian of the first layer is multiplied
    from the left by those of the later ones.
    """
    first = sizes[0]
    return tuple((after, before, first) for before, after in pairwise(sizes[1:]))


def reverse_products(sizes: Sequence[int]) -> tuple[tuple[int, int, int], ...]:
    """The matrix products of reverse mode: the Jacobian of the last layer, multiplied from the right by the others."""
    last = sizes[-1]
    pairs = list(pairwise(sizes[:-1]))
    return tuple((last, after, before) for before, after in reversed(pairs))


def counted(sizes: Sequence[int], *, forwards: bool) -> int:
    """The multiplications of entries that take place when matrices of these sizes are really multiplied, one by one."""
    layers = [[[1] * before for _ in range(after)] for before, after in pairwise(sizes)]
    ordered = layers if forwards else layers[::-1]
    product, count = ordered[0], 0
    for layer in ordered[1:]:
        left, right = (layer, product) if forwards else (product, layer)
        result = [[0] * len(right[0]) for _ in left]
        for i, row in enumerate(left):
            for k, entry in enumerate(row):
                for j, other in enumerate(right[k]):
                    result[i][j] += entry * other
                    count += 1
        product = result
    return count
