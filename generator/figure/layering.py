"""Places for the nodes of an acyclic graph: columns, an order within each, heights (Sugiyama et al. 1981)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from math import fsum

from generator.figure.ordering import Link, Order, crossings, fewest, swept
from generator.figure.ranking import Edge, Ranks, packed, rankings
from generator.figure.upward import Sweep, upward_drawing

_EXACT = 5
"""Columns of up to this many nodes are ordered by trying every order."""


@dataclass(frozen=True, slots=True)
class Layering:
    """Columns of nodes; numbers from the graph's size upwards are bends of long edges.

    `paths[e]` lists the nodes that edge e runs through, its two ends included.
    """

    columns: Order
    paths: tuple[tuple[int, ...], ...]
    crossings: int


@lru_cache(maxsize=512)
def layered(size: int, edges: tuple[Edge, ...]) -> Layering:
    """Give the nodes 0 … size - 1 columns and an order within them, without crossings wherever that is possible.

    Several ways to assign columns are tried; the one with the fewest crossings, then the shortest edges, wins. Where
    all have crossings but `upward_drawing` finds a drawing without, columns and orders are read from that drawing. So
    there are crossings only where every drawing from left to right has some, for graphs of the sizes for which
    `upward_drawing` is exact; there, and beyond, they are the fewest found.
    Raises ValueError if the edges form a cycle.
    """
    ways = [_filled(size, edges, ranks) for ranks in rankings(size, edges)]
    drawing = upward_drawing(size, edges)
    best = min(_ordered(ways, None if drawing is None else 0), key=_badness)
    if not best.crossings or drawing is None:
        return best
    return _embedded(size, edges, drawing)


def _badness(way: Layering) -> tuple[int, int, int]:
    return way.crossings, sum(len(path) for path in way.paths), max(map(len, way.columns))


def _links(way: Layering) -> list[Link]:
    return [link for path in way.paths for link in pairwise(path)]


def _with_order(way: Layering, columns: Order) -> Layering:
    return replace(way, columns=columns, crossings=crossings(columns, _links(way)))


def _filled(size: int, edges: Sequence[Edge], ranks: Ranks) -> Layering:
    """Fill the columns, with a bend in each column that an edge passes."""
    columns: list[list[int]] = [[] for _ in range(max(ranks) + 1)]
    for node, rank in enumerate(ranks):
        columns[rank].append(node)
    paths: list[tuple[int, ...]] = []
    bend = size
    for source, target in edges:
        path = [source]
        for rank in range(ranks[source] + 1, ranks[target]):
            columns[rank].append(bend)
            path.append(bend)
            bend += 1
        paths.append((*path, target))
    filled = Layering(tuple(map(tuple, columns)), tuple(paths), 0)
    return _with_order(filled, filled.columns)


def _by_barycentres(way: Layering) -> Layering:
    return _with_order(way, swept(way.columns, _links(way)))


def _ordered(ways: Sequence[Layering], limit: int | None) -> list[Layering]:
    """Order the columns of each way by barycentres, or exactly where that leaves no more crossings than the limit.

    Without a limit, the fewest crossings found so far take its place.
    """
    found: list[Layering] = []
    for way in ways:
        best = _by_barycentres(way)
        if best.crossings and max(map(len, way.columns)) <= _EXACT:
            least = min(other.crossings for other in (best, *found))
            order = fewest(way.columns, _links(way), least if limit is None else limit)
            best = best if order is None else _with_order(way, order)
        found.append(best)
    return found


def _embedded(size: int, edges: Sequence[Edge], drawing: Sweep) -> Layering:
    """Pack a drawing without crossings into few columns, each ordered as in the drawing."""
    stack = {edge: place for place, edge in enumerate(drawing.edges)}

    def drawn(ranks: Ranks) -> Layering:
        return _stacked(_filled(size, edges, ranks), stack)

    return drawn(packed(edges, drawing.nodes, lambda ranks: not drawn(ranks).crossings))


def _stacked(way: Layering, stack: Mapping[Edge, int]) -> Layering:
    """Order every column by the place, from top to bottom, of an edge that each node or bend lies on."""
    height: dict[int, int] = {}
    for path in way.paths:
        height |= dict.fromkeys(path, stack[path[0], path[-1]])
    columns = (tuple(sorted(column, key=lambda node: height.get(node, len(stack)))) for column in way.columns)
    return _with_order(way, tuple(columns))


def heights(
    layering: Layering, tall: Sequence[tuple[float, float]], gap: float, *, rounds: int = 60
) -> dict[int, float]:
    """Give every node and bend a height y (upwards) so that edges run as level as the gaps allow.

    `tall[n]` is how far node n reaches above and below its y; bends count as nearly flat. The sum of squared
    differences along the edges, long edges weighing more, is lowered column by column, each column exactly
    (isotonic regression by pooling adjacent violators).
    """
    size = len(tall)
    flat = (3.0, 3.0)
    reach = {n: tall[n] if n < size else flat for column in layering.columns for n in column}
    pulls: dict[int, list[tuple[int, float]]] = {node: [] for node in reach}
    for path in layering.paths:
        for a, b in pairwise(path):
            weight = 1.0 + 1.0 * (a >= size or b >= size) + 6.0 * (a >= size and b >= size)
            pulls[a].append((b, weight))
            pulls[b].append((a, weight))
    y: dict[int, float] = {}
    drops = {}
    for column in layering.columns:
        drop = [0.0]
        for upper, lower in pairwise(column):
            drop.append(drop[-1] + reach[upper][1] + reach[lower][0] + gap)
        drops[column] = drop
        y |= {node: drop[-1] / 2 - d for node, d in zip(column, drop, strict=True)}
    count = len(layering.columns)
    for turn in range(rounds):
        # Later rounds weigh an edge less the steeper it is: a few steep edges look better than many slanted ones.
        soft = 6.0 if turn > rounds // 3 else None
        for number in (*range(count), *reversed(range(count))):
            column = layering.columns[number]
            y |= _levelled(column, drops[column], pulls, y, soft)
    return y


def _levelled(
    column: tuple[int, ...],
    drop: list[float],
    pulls: dict[int, list[tuple[int, float]]],
    y: dict[int, float],
    soft: float | None,
) -> dict[int, float]:
    """Move one column as close to its neighbours' weighted means as its order and gaps allow."""
    pools: list[tuple[float, float, int]] = []  # mean, weight, how many nodes
    for node, below in zip(column, drop, strict=True):
        near = [(other, w if soft is None else w / (1 + abs(y[other] - y[node]) / soft)) for other, w in pulls[node]]
        weight = fsum(w for _, w in near) or 0.01
        wish = fsum(w * y[other] for other, w in near) / weight if near else y[node]
        pool = (wish + below, weight, 1)
        while pools and pools[-1][0] < pool[0]:
            mean, heavy, many = pools.pop()
            total = heavy + pool[1]
            pool = ((mean * heavy + pool[0] * pool[1]) / total, total, many + pool[2])
        pools.append(pool)
    means = [mean for mean, _, many in pools for _ in range(many)]
    return {node: mean - below for node, mean, below in zip(column, means, drop, strict=True)}
