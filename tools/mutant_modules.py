"""The modules that faults are put into: solvers and exercise types, what uses them, and a sample of their mutants."""

from __future__ import annotations

import ast
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.exercise import Registry
from generator.exercise.registry import PACKAGE
from tools.mutation import Mutant, mutants_of

ROOT = PACKAGE.parent
"""The checkout."""

GUARDS = ("generator.solver.agreement",)
"""Compares the two routes; a fault in it changes nothing that is printed, so that its own tests must find it."""


@dataclass(frozen=True, slots=True)
class Module:
    """A module that faults are put into: its source, the modules that have to be loaded anew because of it, the types.

    ``users`` has the module itself too; ``slugs`` are the exercise types among them.
    """

    name: str
    path: Path
    source: str
    users: tuple[str, ...]
    slugs: tuple[str, ...]

    @property
    def place(self) -> str:
        """The path inside the checkout, or in full for a pack's module."""
        return (self.path.relative_to(ROOT) if self.path.is_relative_to(ROOT) else self.path).as_posix()


def find_modules(registry: Registry) -> list[Module]:
    """The solvers and exercise types that any type of the registry uses, by name."""
    rooms = [PACKAGE / "solver", PACKAGE / "exercises"]
    paths = {_name_of(path): path for room in rooms for path in sorted(room.rglob("*.py"))}
    slugs = {source.module_name: source.slug for source in registry.sources}
    paths |= {source.module_name: source.module_path for source in registry.sources}
    sources = {name: path.read_text(encoding="utf-8") for name, path in paths.items()}
    imports = {name: imported(source) & paths.keys() for name, source in sources.items()}
    found = []
    for name in sorted(paths.keys() - set(GUARDS)):
        users = _users(name, imports)
        affected = tuple(sorted(slugs[user] for user in users if user in slugs))
        if affected:
            found.append(Module(name, paths[name], sources[name], tuple(sorted(users)), affected))
    return found


def _name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(source: str) -> set[str]:
    """The names of modules that a source may import: in ``from a import b``, both a and a.b."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def _users(name: str, imports: Mapping[str, set[str]]) -> set[str]:
    """A module and all that import it, directly or not."""
    users, fresh = {name}, {name}
    while fresh:
        fresh = {user for user, used in imports.items() if used & fresh} - users
        users |= fresh
    return users


def choose(modules: Sequence[Module], count: int, seed: int) -> list[tuple[Module, Mutant]]:
    """A sample of all mutants of some modules, or all of them where there are no more; in order of file and place."""
    everything = [(module, mutant) for module in modules for mutant in mutants_of(module.name, module.source)]
    if count < len(everything):
        everything = random.Random(seed).sample(everything, count)
    return sorted(everything, key=lambda pair: (pair[0].name, pair[1].place))
