"""Which tests belong to a module that a fault is put into."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.mutant_modules import Module, imported

FOLDERS = ("tests/solver", "tests/exercises")
"""Test modules here belong to what they import, and tests/exercises/<topic>/test_<name>.py to the exercise type."""

SOURCES = "tests/exam/test_sources.py::test_the_answer_is_right"
WORDS = "tests/exercises/test_every_type.py::test_golden_words"
RECORDS = "tests/formats/test_golden_records.py"
EVERY_TYPE = "tests/exercises/test_every_type.py"
PER_TYPE = (SOURCES, WORDS, RECORDS, EVERY_TYPE)
"""Tests with a parameter for each exercise type, or for each answer of the sources. They run in this order, after a
type's own: what compares with answers worked out by hand comes first, so that a fault is laid to the golden files only
where nothing else knows the right answer."""

GOLDEN = (WORDS, RECORDS)

_SOURCE = re.compile(r"^\| (?P<problem>[A-E]\d[^|]*) \| (?P<asks>[^|]+) \| `(?P<slug>[^`]+)` \|", re.MULTILINE)
"""A row of docs/sources.md, which `test_sources.py` holds to what the exams of the sources ask."""


@dataclass(frozen=True, slots=True)
class Suite:
    """The tests of a checkout: what each test module imports, and the tests that have parameters by exercise type."""

    imports: Mapping[str, frozenset[str]]
    by_type: Mapping[str, tuple[str, ...]]

    def belonging(self, module: Module) -> tuple[str, ...]:
        """Test modules and single tests, as pytest's arguments, those that tell most first."""
        direct = [path for path, names in self.imports.items() if module.name in names]
        users = [path for path, names in self.imports.items() if names & set(module.users)]
        own = [path for slug in module.slugs if (path := own_tests(slug)) in self.imports]
        tests = [test for slug in module.slugs for test in self.by_type.get(slug, ())]
        ordered = sorted(tests, key=lambda test: next(place for place, name in enumerate(PER_TYPE) if _in(test, name)))
        return tuple(dict.fromkeys((*direct, *users, *own, *ordered)))


def own_tests(slug: str) -> str:
    """The test module of an exercise type."""
    topic, _, name = slug.rpartition("/")
    return f"tests/exercises/{topic}/test_{name.replace('-', '_')}.py"


def read_suite(root: Path, collected: Iterable[str]) -> Suite:
    """The tests of a checkout; ``collected`` are the names of all tests of the modules in `PER_TYPE`."""
    paths = [path for folder in FOLDERS for path in sorted((root / folder).rglob("test_*.py"))]
    names = {path.relative_to(root).as_posix(): path for path in paths}
    imports = {name: frozenset(imported(path.read_text(encoding="utf-8"))) for name, path in names.items()}
    asked = _asked(root / "docs" / "sources.md")
    by_type: dict[str, list[str]] = {}
    for test in collected:
        for slug in _types_of(test, asked):
            by_type.setdefault(slug, []).append(test)
    return Suite({name: found for name, found in imports.items() if name != EVERY_TYPE}, _frozen(by_type))


def _asked(table: Path) -> dict[str, str]:
    """The exercise type of each answer of the sources, by the name of its test."""
    if not table.is_file():
        return {}
    rows = _SOURCE.finditer(table.read_text(encoding="utf-8"))
    return {f"{SOURCES}[{row['problem']} {row['asks']}]": row["slug"] for row in rows}


def _types_of(test: str, asked: Mapping[str, str]) -> Iterator[str]:
    if slug := asked.get(test):
        yield slug
    elif not _in(test, "tests/exam/") and (
        parameter := re.search(r"\[(?:(?:easy|medium|hard)-)?([^\]]+/[^\]]+)\]$", test)
    ):
        yield parameter[1]


def _frozen(tests: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {slug: tuple(found) for slug, found in tests.items()}


def _in(test: str, name: str) -> bool:
    return test.startswith(name)
