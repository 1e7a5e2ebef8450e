"""The grader's table answers.csv: a row per variant and part."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

COLUMNS = (
    "variant",
    "code",
    "student_id",
    "student_name",
    "question",
    "question_id",
    "exercise",
    "part",
    "kind",
    "points",
    "answer",
    "tolerance",
)
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_FAR = re.compile(r"[eE][+-]?\w{4}")
_FORMULA = re.compile(r"([;\t\r\n]\s*)([=+@-])")


def answers_table(variants: Iterable[Mapping[str, Any]]) -> bytes:
    """The table of some manifest entries as CSV that Excel opens with the right letters."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for variant in variants:
        student = variant["student"] or {"id": "", "name": ""}
        for question in variant["questions"]:
            for part in question["parts"]:
                row = (
                    variant["variant"],
                    variant["code"],
                    student["id"],
                    student["name"],
                    str(question["number"]),
                    question["id"],
                    question["exercise"],
                    part["id"],
                    part["kind"],
                    _decimal(part["points"]),
                    answer_text(part["answer"]),
                    part["answer"]["tolerance"] if part["answer"] else "",
                )
                writer.writerow([safe(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def answer_text(answer: Mapping[str, Any] | None) -> str:
    """An answer on one line: ``3``, ``3/4 = 0.75``, ``[[1, 2], [0, 1]]``, ``r_1 = 2; r_2 = 0``, or ``see key``."""
    if answer is None:
        return "see key"
    exact, decimal = answer["exact"], answer["decimal"]
    if isinstance(exact, str) and isinstance(decimal, int | float) and not _NUMBER.fullmatch(exact):
        # A lone 3/4 would be read as a date by a spreadsheet.
        shown = f"{decimal:.10g}"
        return f"{exact} {'=' if _equals(exact, shown) else '≈'} {shown}"
    return _flat(exact)


def _equals(exact: str, shown: str) -> bool:
    if _FAR.search(exact):
        # Nothing that is printed is that large, and its digits would fill the memory.
        return False
    try:
        return Fraction(exact) == Fraction(shown)
    except (ValueError, ZeroDivisionError):
        return False


def _flat(exact: Any) -> str:
    if isinstance(exact, Mapping):
        return "; ".join(f"{name} = {_flat(value)}" for name, value in exact.items())
    if isinstance(exact, list):
        return f"[{', '.join(map(_flat, exact))}]"
    return str(exact)


def _decimal(points: str) -> str:
    return f"{float(Fraction(points)):g}"


def safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: what starts like one gets an apostrophe.

    So does what would start a cell in a spreadsheet that takes a semicolon, a tab or a line end for the end of a cell.
    """
    cell = _FORMULA.sub(r"\1'\2", cell)
    if cell[:1] in ("=", "+", "-", "@", "\t", "\r") and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell
