from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from generator.batch.answers import COLUMNS, answer_text, answers_table, safe


@pytest.mark.parametrize(
    ("exact", "decimal", "text"),
    [
        ("3", 3.0, "3"),
        ("-7", -7.0, "-7"),
        ("0.25", 0.25, "0.25"),
        ("3/4", 0.75, "3/4 = 0.75"),
        ("1/3", 1 / 3, "1/3 ≈ 0.3333333333"),
        ("log(3)", 1.0986122886681098, "log(3) ≈ 1.098612289"),
        ("N/Sum(x(i), (i, 1, N))", None, "N/Sum(x(i), (i, 1, N))"),
        ([["1", "1/2"], ["0", "-1"]], [[1.0, 0.5], [0.0, -1.0]], "[[1, 1/2], [0, -1]]"),
        ({"r_1": "3", "z": ["1", "2"]}, {"r_1": 3.0, "z": [1.0, 2.0]}, "r_1 = 3; z = [1, 2]"),
        ("B", None, "B"),
    ],
)
def test_an_answer_on_one_line(exact: Any, decimal: Any, text: str) -> None:
    assert answer_text({"exact": exact, "decimal": decimal, "tolerance": "0"}) == text


def test_a_derivation_has_its_answer_in_the_key() -> None:
    assert answer_text(None) == "see key"


@pytest.mark.parametrize("cell", ["=1+2", "+49 30 1", "-x_1*(y - h)", "@SUM(A1)", "\tx", "-1/2 = -0.5", "=cmd|'x'!A0"])
def test_no_cell_starts_like_a_formula(cell: str) -> None:
    assert safe(cell) == f"'{cell}"


@pytest.mark.parametrize(
    ("cell", "safe_cell"),
    [
        ("a;=1+1", "a;'=1+1"),
        ("a; @SUM(A1)", "a; '@SUM(A1)"),
        ("a\t+1", "a\t'+1"),
        ("a\n-x\r\n=y", "a\n'-x\r\n'=y"),
        ("=a;=b", "'=a;'=b"),
    ],
)
def test_nor_does_what_other_spreadsheets_take_for_a_cell(cell: str, safe_cell: str) -> None:
    assert safe(cell) == safe_cell


def test_what_no_number_is_equal_to() -> None:
    for exact in ("1/0", "1e99999999", "1E+9_999_999", "nan"):
        assert answer_text({"exact": exact, "decimal": 1.0, "tolerance": "0"}) == f"{exact} ≈ 1"
    assert answer_text({"exact": "1E+2", "decimal": 100.0, "tolerance": "0"}) == "1E+2 = 100"


@pytest.mark.parametrize(
    "cell", ["", "-3", "-0.5", "12", "a=b", "O'Neill", "7 - 3", "r_1 = -3; r_2 = 0", "007", "1E5", "x;y"]
)
def test_harmless_cells_stay_as_they_are(cell: str) -> None:
    assert safe(cell) == cell


def test_a_name_that_is_a_formula_is_written_as_text() -> None:
    part = {"id": "a", "kind": "integer", "points": "5/2", "answer": {"exact": "4", "decimal": 4.0, "tolerance": "0"}}
    question = {"number": 1, "id": "q", "exercise": "x/y", "parts": [part]}
    student = {"id": "17", "name": '=HYPERLINK("http://x", "Müller, A.")'}
    variant = {"variant": "17", "code": "ABC", "student": student, "questions": [question]}
    data = answers_table([variant])
    assert data.startswith(b"\xef\xbb\xbf")
    header, row = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    assert tuple(header) == COLUMNS
    assert row[3] == f"'{student['name']}"
    assert row[header.index("points")] == "2.5"
