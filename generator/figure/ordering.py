"""Orders of the nodes within the columns of a drawing, with few crossings or none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, permutations
from math import fsum

Link = tuple[int, int]
"""A straight piece of an edge, from a node or bend in one column to one in the next."""
Order = tuple[tuple[int, ...], ...]
"""The nodes of each column from top to bottom."""

_SWEEPS = 12


def crossings(columns: Sequence[Sequence[int]], links: Sequence[Link]) -> int:
    """Count the pairs of links between neighbouring columns that cross."""
    place = {node: height for column in columns for height, node in enumerate(column)}
    rank = {node: number for number, column in enumerate(columns) for node in column}
    pieces: list[list[Link]] = [[] for _ in columns]
    for a, b in links:
        pieces[rank[a]].append((place[a], place[b]))
    return sum((a - c) * (b - d) < 0 for piece in pieces for (a, b), (c, d) in combinations(piece, 2))


def swept(columns: Sequence[tuple[int, ...]], links: Sequence[Link]) -> Order:
    """Order by barycentres, to and fro, from two starts; keep the best order seen (Sugiyama et al. 1981)."""
    best, least = tuple(columns), crossings(columns, links)
    if not least:
        return best
    before: dict[int, list[int]] = {node: [] for column in columns for node in column}
    after: dict[int, list[int]] = {node: [] for node in before}
    for a, b in links:
        before[b].append(a)
        after[a].append(b)
    for start in (columns, [tuple(reversed(column)) for column in columns]):
        now = list(start)
        for sweep in range(_SWEEPS):
            if sweep % 2 == 0:
                for number in range(1, len(now)):
                    now[number] = _by_barycentre(now[number], now[number - 1], before)
            else:
                for number in reversed(range(len(now) - 1)):
                    now[number] = _by_barycentre(now[number], now[number + 1], after)
            count = crossings(now, links)
            if not count:
                return tuple(now)
            if count < least:
                best, least = tuple(now), count
    return best


def _by_barycentre(
    column: tuple[int, ...], fixed: tuple[int, ...], near: Mapping[int, Sequence[int]]
) -> tuple[int, ...]:
    """Order a column by the mean place of each node's neighbours in a fixed one; without any, it keeps its place."""
    height = {node: place for place, node in enumerate(fixed)}
    centre = {
        node: fsum(height[other] for other in near[node]) / len(near[node]) if near[node] else float(place)
        for place, node in enumerate(column)
    }
    return tuple(sorted(column, key=centre.__getitem__))


def fewest(columns: Sequence[tuple[int, ...]], links: Sequence[Link], limit: int) -> Order | None:
    """Find an order with the fewest crossings by dynamic programming over the orders of each column.

    None if every order has more than `limit` crossings. Without a tight limit, time grows with the square of the
    factorial of a column's length.
    """
    best: dict[tuple[int, ...], tuple[int, Order]] = {p: (0, (p,)) for p in permutations(columns[0])}
    for column in columns[1:]:
        into = {node: [a for a, b in links if b == node] for node in column}
        step: dict[tuple[int, ...], tuple[int, Order]] = {}
        for before, (count, chain) in best.items():
            for after, more in _orders(column, _costs(before, column, into), limit - count):
                if after not in step or count + more < step[after][0]:
                    step[after] = (count + more, (*chain, after))
        # Ties go to the first order in the sequence of permutations, whatever the limit cut off.
        best = {after: step[after] for after in permutations(column) if after in step}
    return min(best.values(), key=lambda found: found[0])[1] if best else None


def _orders(column: tuple[int, ...], cost: Mapping[Link, int], limit: int) -> Iterator[tuple[tuple[int, ...], int]]:
    """Yield the permutations of a column, and their crossings, that stay within a limit."""
    if not column:
        yield (), 0
    for place, node in enumerate(column):
        others = column[:place] + column[place + 1 :]
        here = sum(cost[node, other] for other in others)
        if here <= limit:
            for order, more in _orders(others, cost, limit - here):
                yield (node, *order), here + more


def _costs(before: Sequence[int], column: Sequence[int], into: Mapping[int, Sequence[int]]) -> dict[Link, int]:
    """The crossings between the links into two nodes, the first of them above the second."""
    height = {node: place for place, node in enumerate(before)}
    return {
        (u, v): sum(height[a] > height[b] for a in into[u] for b in into[v]) for u in column for v in column if u != v
    }
