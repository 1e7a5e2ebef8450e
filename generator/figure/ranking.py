"""Columns for the nodes of an acyclic graph, such that every edge runs from an earlier column to a later one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

Edge = tuple[int, int]
Ranks = tuple[int, ...]
"""The column of each node, counted from 0."""


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


def _early(order: Iterable[int], gaps: Mapping[Edge, int]) -> dict[int, int]:
    """Put every node as early as its predecessors allow."""
    early: dict[int, int] = {}
    for node in order:
        early[node] = max((early[s] + gap for (s, t), gap in gaps.items() if t == node), default=0)
    return early


def rankings(size: int, edges: tuple[Edge, ...]) -> tuple[Ranks, ...]:
    """List assignments of columns: with the inputs, or all nodes that fan out, drawn to what uses them; all early.

    Raises ValueError if the edges form a cycle.
    """
    gaps, order = _gaps(edges), topological(size, edges)
    early, backwards = _early(order, gaps), order[::-1]
    fed = Counter(target for _, target in gaps)
    using = Counter(source for source, _ in gaps)
    inputs = [node for node in backwards if not fed[node]]
    fans = [node for node in backwards if using[node] >= max(1, fed[node])]
    return tuple(dict.fromkeys(_pulled(early, gaps, movable) for movable in (inputs, fans, ())))


def _pulled(ranks: Mapping[int, int], gaps: Mapping[Edge, int], movable: Sequence[int]) -> Ranks:
    """Move the given nodes as late as their successors allow."""
    late = dict(ranks)
    for node in movable:
        late[node] = _latest(node, late, gaps)
    return _from_zero(late)


def _latest(node: int, ranks: Mapping[int, int], gaps: Mapping[Edge, int]) -> int:
    return min((ranks[t] - gap for (s, t), gap in gaps.items() if s == node), default=ranks[node])


def _from_zero(ranks: Mapping[int, int]) -> Ranks:
    first = min(ranks.values())
    return tuple(ranks[node] - first for node in range(len(ranks)))


def packed(edges: Sequence[Edge], order: Sequence[int], fits: Callable[[Ranks], bool]) -> Ranks:
    """Put nodes, one to a column in the given order, into fewer columns: as early as fits, then inputs as late as fits.

    `order` runs along the edges and names every node; one node to a column must fit.
    """
    gaps = _gaps(edges)
    ranks = {node: 2 * place for place, node in enumerate(order)}  # parallel edges bend between
    inputs = [node for node in reversed(order) if not any(target == node for _, target in gaps)]
    for node in order:
        first = max((ranks[s] + gap for (s, t), gap in gaps.items() if t == node), default=0)
        _settle(node, range(first, ranks[node]), ranks, fits)
    for node in inputs:
        _settle(node, range(_latest(node, ranks, gaps), ranks[node], -1), ranks, fits)
    return _from_zero(ranks)


def _settle(node: int, wanted: Iterable[int], ranks: dict[int, int], fits: Callable[[Ranks], bool]) -> None:
    """Move a node to the first wanted column that fits."""
    found = next((rank for rank in wanted if fits(_from_zero({**ranks, node: rank}))), ranks[node])
    ranks[node] = found
