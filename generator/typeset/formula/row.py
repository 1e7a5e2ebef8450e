"""A row of atoms with the right space between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from generator.typeset.formula.box import EMPTY, Box, coloured, group, space
from generator.typeset.formula.spacing import Kind, resolved
from generator.typeset.formula.style import Style


class Node:
    """A piece of a formula as it was written; setting it in a style makes a box."""

    __slots__ = ()

    @property
    def role(self) -> Kind | None:
        """The kind of atom, None for what is no atom (space, change of style)."""
        return Kind.ORD

    def set(self, style: Style) -> Box:
        """The node as a box."""
        raise NotImplementedError

    def limits(self, style: Style) -> bool:  # noqa: ARG002  # operators need it
        """Whether scripts go above and below."""
        return False


class Part(NamedTuple):
    """A box at its place in a row."""

    x: float
    box: Box
    kind: Kind | None


@dataclass(frozen=True, slots=True)
class Empty(Node):
    """An ordinary atom without ink: ``{}``."""

    def set(self, style: Style) -> Box:  # noqa: ARG002
        """Nothing."""
        return EMPTY


@dataclass(frozen=True, slots=True)
class Space(Node):
    """A given space in mu (eighteenths of an em), which may be negative."""

    mu: float

    @property
    def role(self) -> Kind | None:
        """No atom."""
        return None

    def set(self, style: Style) -> Box:
        """An empty box."""
        return space(self.mu * style.size / 18)


@dataclass(frozen=True, slots=True)
class Switch(Node):
    """A change of level or colour for the rest of the row."""

    level: int | None = None
    colour: str | None = None

    @property
    def role(self) -> Kind | None:
        """No atom."""
        return None

    def set(self, style: Style) -> Box:  # noqa: ARG002
        """Nothing by itself."""
        return EMPTY


@dataclass(frozen=True, slots=True)
class Row(Node):
    """Nodes one after another; seen from outside an atom of the given kind."""

    nodes: tuple[Node, ...]
    kind: Kind = Kind.ORD

    @property
    def role(self) -> Kind | None:
        """The kind given."""
        return self.kind

    def set(self, style: Style) -> Box:
        """The row as one box; a row of one atom is that atom."""
        if len(self.nodes) == 1:
            return self.nodes[0].set(style)
        return joined(self.lay(style))

    def lay(self, style: Style) -> list[Part]:
        """Set every node and put it at its place."""
        parts: list[Part] = []
        colour: str | None = None
        x = 0.0
        previous: Kind | None = None
        for node, kind in zip(self.nodes, resolved([node.role for node in self.nodes]), strict=True):
            if isinstance(node, Switch):
                style = style if node.level is None else style.at(node.level)
                colour = node.colour or colour
                continue
            if kind is not None:
                if previous is not None:
                    x += style.spaces[previous][kind] * style.size / 18
                previous = kind
            box = node.set(style)
            parts.append(Part(x, coloured(box, colour) if colour else box, kind))
            x += box.width
        return parts


def extent(parts: Sequence[Part]) -> float:
    """The width of a row that has been laid."""
    return parts[-1].x + parts[-1].box.width if parts else 0.0


def joined(parts: Sequence[Part]) -> Box:
    """The parts as one box."""
    return group([(part.x, 0.0, part.box) for part in parts], extent(parts))
