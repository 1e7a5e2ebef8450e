"""Places for the nodes of an acyclic graph: columns, an order within each, heights (Sugiyama et al. 1981)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, pairwise, permutations

Edge = tuple[int, int]
Order = tuple[tuple[int, ...], ...]
"""The nodes of each column from top to bottom."""

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
    """Give the nodes 0 … size - 1 columns and an order within them, with as few crossings as can be found.

    Several ways to assign columns are tried; the one with the fewest crossings, then the shortest edges, wins.
    Raises ValueError if the edges form a cycle.
    """
    best = min((_arranged(size, edges, ranks) for ranks in dict.fromkeys(_rankings(size, edges))), key=_badness)
    if best.crossings:
        stretched = (_arranged(size, edges, ranks, exact=False) for ranks in dict.fromkeys(_stretched(size, edges)))
        best = min((best, next((way for way in stretched if not way.crossings), best)), key=_badness)
    return best


def _badness(way: Layering) -> tuple[int, int, int]:
    return way.crossings, sum(len(path) for path in way.paths), max(map(len, way.columns))


def topological(size: int, edges: Sequence[Edge]) -> tuple[int, ...]:
    """Order the nodes so that every edge runs forwards (Kahn 1962), or raise ValueError."""
    waiting = Counter(target for _, target in edges)
    ready = [node for node in range(size) if not waiting[node]]
    order: list[int] = []
    while ready:
        node = ready.pop(0)
        order.append(node)
        for source, target in edges:
            if source == node:
                waiting[target] -= 1
                if not waiting[target]:
                    ready.append(target)
    if len(order) < size:
        raise ValueError("the graph has a cycle")
    return tuple(order)


def _gaps(edges: Sequence[Edge]) -> dict[Edge, int]:
    """Give each edge its least length: two edges with the same ends need a column between, to bend apart."""
    return {edge: 2 if count > 1 else 1 for edge, count in Counter(edges).items()}


def _early(size: int, edges: tuple[Edge, ...], wait: dict[int, int]) -> list[int]:
    """Put every node as early as its predecessors allow, some with extra columns to wait."""
    gaps = _gaps(edges)
    early = [0] * size
    for node in topological(size, edges):
        early[node] = max((early[s] + gap for (s, t), gap in gaps.items() if t == node), default=0)
        early[node] += wait.get(node, 0)
    return early


def _rankings(size: int, edges: tuple[Edge, ...]) -> list[tuple[int, ...]]:
    """List assignments of columns: with the inputs, or all nodes that fan out, drawn to what uses them; all early."""
    gaps, early, backwards = _gaps(edges), _early(size, edges, {}), topological(size, edges)[::-1]
    fed = Counter(target for _, target in gaps)
    using = Counter(source for source, _ in gaps)
    inputs = [node for node in backwards if not fed[node]]
    fans = [node for node in backwards if using[node] >= max(1, fed[node])]
    return [_pulled(early, gaps, inputs), _pulled(early, gaps, fans), tuple(early)]


def _stretched(size: int, edges: tuple[Edge, ...]) -> Iterator[tuple[int, ...]]:
    """Yield assignments of columns in which one node or two wait a column or two longer than they must."""
    gaps = _gaps(edges)
    fed = {target for _, target in edges}
    inputs = [node for node in topological(size, edges)[::-1] if node not in fed]
    inner = sorted(fed)
    waits = [{node: columns} for columns in (1, 2) for node in inner]
    waits += [{a: 1, b: 1} for a, b in combinations(inner, 2)]
    for wait in waits:
        yield _pulled(_early(size, edges, wait), gaps, inputs)


def _pulled(ranks: Sequence[int], gaps: dict[Edge, int], movable: Sequence[int]) -> tuple[int, ...]:
    """Move the given nodes as late as their successors allow."""
    late = list(ranks)
    for node in movable:
        bound = [late[t] - gap for (s, t), gap in gaps.items() if s == node]
        late[node] = min(bound) if bound else late[node]
    return tuple(rank - min(late) for rank in late)


def _arranged(size: int, edges: tuple[Edge, ...], ranks: tuple[int, ...], *, exact: bool = True) -> Layering:
    """Fill the columns, with a bend in each column that an edge passes, and order them."""
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
    links = [(a, b) for path in paths for a, b in pairwise(path)]
    filled = [tuple(column) for column in columns]
    best = _swept(filled, links)
    if exact and crossings(best, links) and max(map(len, filled)) <= _EXACT:
        best = _exact(filled, links)
    return Layering(best, tuple(paths), crossings(best, links))


def crossings(columns: Sequence[Sequence[int]], links: Sequence[Edge]) -> int:
    """Count the pairs of links between neighbouring columns that cross."""
    place = {node: height for column in columns for height, node in enumerate(column)}
    rank = {node: number for number, column in enumerate(columns) for node in column}
    return sum(
        (place[a] - place[c]) * (place[b] - place[d]) < 0
        for (a, b), (c, d) in combinations(links, 2)
        if rank[a] == rank[c]
    )


def _swept(columns: list[tuple[int, ...]], links: list[Edge]) -> Order:
    """Order by barycentres, to and fro, from two starts; keep the best order seen."""
    best, fewest = tuple(columns), crossings(columns, links)
    for start in (columns, [tuple(reversed(column)) for column in columns]):
        now = list(start)
        for sweep in range(12):
            forwards = sweep % 2 == 0
            for number in range(len(now)) if forwards else reversed(range(len(now))):
                near = number - 1 if forwards else number + 1
                if 0 <= near < len(now):
                    now[number] = _by_barycentre(now[number], now[near], links)
            count = crossings(now, links)
            if count < fewest:
                best, fewest = tuple(now), count
    return best


def _by_barycentre(column: tuple[int, ...], fixed: tuple[int, ...], links: list[Edge]) -> tuple[int, ...]:
    height = {node: float(place) for place, node in enumerate(fixed)}

    def centre(item: tuple[int, int]) -> float:
        place, node = item
        near = [
            height[b if a == node else a]
            for a, b in links
            if (a == node and b in height) or (b == node and a in height)
        ]
        return sum(near) / len(near) if near else float(place)

    return tuple(node for _, node in sorted(enumerate(column), key=centre))


def _exact(columns: list[tuple[int, ...]], links: list[Edge]) -> Order:
    """Find an order with the fewest crossings by dynamic programming over the orders of each column."""
    best: dict[tuple[int, ...], tuple[int, Order]] = {p: (0, (p,)) for p in permutations(columns[0])}
    for column in columns[1:]:
        into = {node: [a for a, b in links if b == node] for node in column}
        step: dict[tuple[int, ...], tuple[int, Order]] = {}
        for before, (count, chain) in best.items():
            height = {node: place for place, node in enumerate(before)}
            cost = {
                (u, v): sum(height[a] > height[b] for a in into[u] for b in into[v])
                for u in column
                for v in column
                if u != v
            }
            for after in permutations(column):
                total = count + sum(cost[pair] for pair in combinations(after, 2))
                if after not in step or total < step[after][0]:
                    step[after] = (total, (*chain, after))
        best = step
    return min(best.values(), key=lambda found: found[0])[1]


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
        weight = sum(w for _, w in near) or 0.01
        wish = sum(w * y[other] for other, w in near) / weight if near else y[node]
        pool = (wish + below, weight, 1)
        while pools and pools[-1][0] < pool[0]:
            mean, heavy, many = pools.pop()
            total = heavy + pool[1]
            pool = ((mean * heavy + pool[0] * pool[1]) / total, total, many + pool[2])
        pools.append(pool)
    means = [mean for mean, _, many in pools for _ in range(many)]
    return {node: mean - below for node, mean, below in zip(column, means, drop, strict=True)}
