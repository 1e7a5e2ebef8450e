"""One table of an exam file, read key by key; every mistake names file, line, key and what was expected."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NoReturn

from generator.errors import UnknownNameError
from generator.exam.error import ExamFileError
from generator.exam.locate import Path, Places
from generator.exercise.shown import shown

LONGEST_TEXT = 500
LONGEST_PROSE = 20_000


@dataclass(frozen=True, slots=True)
class Source:
    """An exam file: its name for messages and where its keys stand."""

    file: str
    places: Places

    def refuse(self, path: Path, problem: str) -> NoReturn:
        """Raise the error for a key or table."""
        key = str(path[-1]) if path and isinstance(path[-1], str) else ""
        raise ExamFileError(self.file, self.places.line(path), key, problem)


@dataclass(frozen=True, slots=True)
class TableReader:
    """A table at ``path`` that may have the given ``keys`` only."""

    source: Source
    path: Path
    data: Mapping[str, Any]
    keys: tuple[str, ...]

    def __post_init__(self) -> None:
        for key in self.data:
            if key not in self.keys:
                line = self.source.places.line((*self.path, key))
                problem = str(UnknownNameError("", "key", key, self.keys))
                raise ExamFileError(self.source.file, line, "", f"{problem} (in {self.name})")

    @property
    def name(self) -> str:
        """The table as it is written in the file."""
        names = [part for part in self.path if isinstance(part, str)]
        return f"[[{'.'.join(names)}]]" if names else "the head of the file"

    @property
    def line(self) -> int:
        """Where the table starts."""
        return self.source.places.line(self.path)

    def refuse(self, key: str, problem: str) -> NoReturn:
        """Raise the error for one key of this table."""
        self.source.refuse((*self.path, key), problem)

    def missing(self, key: str, expected: str) -> NoReturn:
        """Raise the error for a key that must be there."""
        raise ExamFileError(self.source.file, self.line, key, f"is missing from {self.name}; expected {expected}")

    def text(self, key: str, *, required: bool = False, prose: bool = False) -> str:
        """A text, on one line unless it is ``prose``; empty where it is left out."""
        if key not in self.data:
            if required:
                self.missing(key, "a text in quotes")
            return ""
        value = self.data[key]
        if not isinstance(value, str):
            self.refuse(key, f"expected a text in quotes, got {shown(value)}")
        if len(value) > (LONGEST_PROSE if prose else LONGEST_TEXT):
            self.refuse(key, f"expected at most {LONGEST_PROSE if prose else LONGEST_TEXT} characters")
        if required and not value.strip():
            self.refuse(key, "expected a text that is not empty")
        if any(not character.isprintable() and not (prose and character in "\n\t") for character in value):
            self.refuse(key, "expected a text on one line, without control characters")
        return value.strip()

    def whole(self, key: str, low: int, high: int) -> int | None:
        """A whole number within bounds, both included; None where it is left out."""
        if key not in self.data:
            return None
        value = self.data[key]
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.refuse(key, f"expected a whole number from {low} to {high}, got {shown(value)}")
        return value

    def points(self, key: str) -> Fraction | None:
        """Positive points in steps of a quarter; None where they are left out."""
        if key not in self.data:
            return None
        value = self.data[key]
        number = None
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= 1000:
            # 2.5 means the decimal that was written.
            number = Fraction(repr(value))
        if number is None or (4 * number).denominator != 1:
            expected = "expected a number of points above 0 and up to 1000, in steps of 0.25"
            self.refuse(key, f"{expected}, got {shown(value)}")
        return number

    def share(self, key: str, low: Fraction, high: int, default: Fraction) -> Fraction:
        """A share such as 0.1, from ``low`` to ``high``; ``default`` where it is left out."""
        value = self.data.get(key)
        if value is None:
            return default
        number = None
        if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
            number = Fraction(repr(value))
        if number is None:
            self.refuse(
                key, f"expected a share from {float(low)} to {high}, such as {float(default)}, got {shown(value)}"
            )
        return number

    def date(self, key: str) -> datetime.date | None:
        """A date; None where it is left out."""
        if key not in self.data:
            return None
        value = self.data[key]
        if isinstance(value, datetime.datetime) or not isinstance(value, datetime.date):
            self.refuse(key, f"expected a date without quotes, such as 2026-12-04, got {shown(value)}")
        return value

    def flag(self, key: str) -> bool:
        """True or false; false where it is left out."""
        value = self.data.get(key, False)
        if not isinstance(value, bool):
            self.refuse(key, f"expected true or false, got {shown(value)}")
        return value

    def names(self, key: str, expected: str) -> tuple[str, ...] | None:
        """A list of different texts, at least one; None where it is left out."""
        if key not in self.data:
            return None
        value = self.data[key]
        if not isinstance(value, list) or not value or not all(isinstance(entry, str) for entry in value):
            self.refuse(key, f"expected {expected}, got {shown(value)}")
        twice = first_repeated(value)
        if twice is not None:
            self.refuse(key, f"{twice!r} is in the list twice")
        return tuple(value)

    def one_of(self, key: str, kind: str, options: Collection[str], default: str) -> str:
        """One of some names."""
        if key not in self.data:
            return default
        value = self.text(key)
        if value not in options:
            self.refuse(key, str(UnknownNameError("", kind, value, tuple(options))))
        return value

    def table(self, key: str) -> Mapping[str, Any]:
        """A table of values; empty where it is left out."""
        value = self.data.get(key, {})
        if not isinstance(value, dict):
            self.refuse(key, f"expected a table such as {{ x = [1, -1] }}, got {shown(value)}")
        return value

    def tables(self, key: str, header: str) -> list[Mapping[str, Any]]:
        """The tables of an array, at least one."""
        if key not in self.data:
            self.missing(key, f"at least one {header}")
        value = self.data[key]
        if not isinstance(value, list) or not value or not all(isinstance(entry, dict) for entry in value):
            self.refuse(key, f"expected tables under headers {header}, got {shown(value)}")
        return value


def first_repeated(values: Iterable[str]) -> str | None:
    """The first value that is there a second time."""
    seen: set[str] = set()
    for value in values:
        if value in seen:
            return value
        seen.add(value)
    return None
