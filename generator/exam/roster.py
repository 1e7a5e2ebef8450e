"""Reads a roster: a CSV file with a column ``id`` and, where names are to be printed, a column ``name``."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from generator.exam.error import RosterError
from generator.exam.model import Student

LARGEST_FILE = 20_000_000
MOST_STUDENTS = 50_000
LONGEST_ID = 64
LONGEST_NAME = 200
DELIMITERS = (",", ";", "\t")

# Every student's id becomes a file name, on any system: this is what all of them take.
_ID = re.compile(r"\w(?:[\w.@+-]*[\w@+-])?")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)


def read_roster(path: Path) -> tuple[Student, ...]:
    """Read the students in the order of the file.

    UTF-8 with or without a byte order mark; separated by commas, semicolons or tabs, as the header shows; other
    columns are ignored, empty rows skipped. Raises RosterError with the line.
    """
    file = str(path)
    rows = _rows(file, _text(path))
    line, header = next(rows, (0, []))
    columns = [name.strip().casefold() for name in header]
    for name in ("id", "name"):
        if columns.count(name) > 1:
            raise RosterError(file, line, f"there are two columns {name!r}")
    if "id" not in columns:
        found = ", ".join(repr(name.strip()) for name in header[:10])
        raise RosterError(file, line, f"there is no column 'id'; the columns are: {found}" if found else "is empty")
    students: dict[str, tuple[int, Student]] = {}
    for line, row in rows:
        student = _student(file, line, dict(zip(columns, row, strict=False)))
        folded = student.id.casefold()
        if folded in students:
            first, other = students[folded]
            like = "" if other.id == student.id else f" (written {other.id!r} there; capitals do not tell files apart)"
            raise RosterError(file, line, f"the id {student.id!r} is on line {first} already{like}")
        students[folded] = (line, student)
        if len(students) > MOST_STUDENTS:
            raise RosterError(file, line, f"more than {MOST_STUDENTS} students; split the roster")
    if not students:
        raise RosterError(file, 0, "lists no students; expected one row each below the header")
    return tuple(student for _, student in students.values())


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise RosterError(str(path), 0, f"is larger than {LARGEST_FILE // 1_000_000} MB; is it a roster?")
        data = path.read_bytes()
    except OSError as problem:
        raise RosterError(str(path), 0, f"cannot be read: {problem.strerror}") from problem
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        advice = "is not UTF-8 text; in Excel save it as 'CSV UTF-8 (comma delimited)'"
        raise RosterError(str(path), line, advice) from problem


def _rows(file: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything, each with the line on which it starts."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True, skipinitialspace=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            raise RosterError(file, line, f"not CSV: {problem}") from problem
        if any(field.strip() for field in row):
            yield line, row


def _delimiter(text: str) -> str:
    """The separator with which the header has a column ``id``, else the one it has most of."""
    header = next((line for line in text.split("\n") if line.strip()), "")
    for delimiter in DELIMITERS:
        names = [name.strip().strip('"').casefold() for name in header.split(delimiter)]
        if "id" in names and len(names) > 1:
            return delimiter
    return max(DELIMITERS, key=header.count)


def _student(file: str, line: int, row: dict[str, str]) -> Student:
    # One letter has several codings: files and people see the same name.
    name = unicodedata.normalize("NFC", row.get("name", "").strip())
    own_id = unicodedata.normalize("NFC", row.get("id", "").strip())
    if problem := id_problem(own_id):
        raise RosterError(file, line, problem)
    if len(name) > LONGEST_NAME:
        raise RosterError(file, line, f"the name is longer than {LONGEST_NAME} characters")
    if not name.isprintable():
        raise RosterError(file, line, "the name has a line break or another control character in it")
    return Student(own_id, name, line)


def id_problem(own_id: str) -> str | None:
    """Why an id cannot be the name of a file on every system, or None."""
    if not own_id:
        return "the id is empty"
    shown = repr(own_id if len(own_id) <= 40 else f"{own_id[:37]}…")
    if len(own_id) > LONGEST_ID:
        return f"the id {shown} is longer than {LONGEST_ID} characters"
    if not _ID.fullmatch(own_id):
        return (
            f"the id {shown} cannot be a file name; expected letters, digits and . _ - @ + only, starting with a "
            "letter, a digit or _ and not ending with a dot"
        )
    if _RESERVED.fullmatch(own_id):
        return f"the id {shown} is a reserved name on Windows and cannot be a file name there"
    return None
