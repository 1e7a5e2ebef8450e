"""The five source sheets as exams: all ten are built, and every answer of the pinned ones is known to be right."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy

from generator.exam import ResolvedQuestion, numbered_variants, read_exam, resolve
from generator.exercise import Registry
from generator.exercise.registry import templates_folder
from generator.formats import instance_record
from generator.sheets import make_sheets
from generator.typeset import typeset
from generator.wording import word
from tests.exam.source_rows import ROWS, Row

SHEETS = ("a", "b", "c", "d", "e")
PARTS = re.compile(r"[Pp]arts? \((\w+)\)(?: (?:to|and) \((\w+)\))?")
TABLE = Path(__file__).parents[2] / "docs" / "sources.md"


def resolved(registry: Registry, name: str) -> tuple[Any, Any, tuple[ResolvedQuestion, ...], tuple[str, ...]]:
    exam, notes = read_exam(templates_folder() / "exams" / f"source-{name}.toml", registry)
    (variant,) = numbered_variants(exam, 1)
    return exam, variant, resolve(exam, registry, variant), notes


@pytest.fixture(scope="module")
def records(registry: Registry) -> Mapping[tuple[str, str], Mapping[str, Any]]:
    """The record of every question of the pinned exams, by sheet and question."""
    return {
        (sheet, entry.id): instance_record(entry.instance, word(entry.instance, entry.points, entry.parts))
        for sheet in SHEETS
        for entry in resolved(registry, sheet)[2]
    }


@pytest.mark.parametrize("name", [sheet + form for sheet in SHEETS for form in ("", "-drawn")])
def test_every_source_becomes_a_question_sheet_and_a_key(registry: Registry, name: str) -> None:
    exam, variant, questions, _ = resolved(registry, name)
    pair = make_sheets(exam, variant, questions)
    for sheet in (pair.questions, pair.key):
        stream = BytesIO()
        typeset([sheet], stream)
        assert stream.getvalue().startswith(b"%PDF")


def test_pinned_values_break_only_what_the_sources_numbers_break(registry: Registry) -> None:
    # Sheet A pools four windows with the same maximum, and has twos nearly everywhere; sheet E squares a 2.
    notes = [note for sheet in SHEETS for note in resolved(registry, sheet)[3]]
    assert [note.split(": ")[-1] for note in notes] == [
        "the outputs are not nearly all alike",
        "the output's entries are not nearly all alike",
        "the slip 'signs ignored' does not give the right answer",
        "the slip 'square read as double' does not give the right answer",
    ]


def test_a_drawn_exam_differs_from_variant_to_variant(registry: Registry) -> None:
    for sheet in SHEETS:
        exam, _ = read_exam(templates_folder() / "exams" / f"source-{sheet}-drawn.toml", registry)
        first, second = (resolve(exam, registry, variant) for variant in numbered_variants(exam, 2))
        for one, other in zip(first, second, strict=True):
            assert one.instance.parameters != other.instance.parameters, one.id


def test_what_the_sources_want_proved_is_true() -> None:
    rng = np.random.default_rng(1)
    X, y, w = np.column_stack([np.ones(6), rng.normal(size=(6, 2))]), rng.normal(size=6), rng.normal(size=3)
    # B2: minus log of prior densities, written out, against the penalty.
    tau = np.array([0.5, 1.0, 2.0])
    densities = np.exp(-(w**2) / (2 * tau**2)) / np.sqrt(2 * np.pi * tau**2)
    constant = np.sum(np.log(np.sqrt(2 * np.pi) * tau))
    assert -np.sum(np.log(densities)) - constant == pytest.approx(np.sum(w**2 / (2 * tau**2)))
    # B3: a decayed step, against a step on the penalised loss.
    decay, rate, gradient = 0.2, 0.1, X.T @ (X @ w - y)
    assert (1 - decay) * w - rate * gradient == pytest.approx(w - rate * (gradient + decay / (2 * rate) * 2 * w))
    # B7, B8 (v): the Hessians of squared error and of cross-entropy.
    line, p = X[:, :2], 1 / (1 + np.exp(-X[:, :2] @ w[:2]))
    assert np.linalg.eigvalsh(2 * line.T @ line).min() > 0
    assert np.linalg.eigvalsh(line.T @ np.diag(p * (1 - p)) @ line).min() > 0
    # C4: the mean, with the weight of one observation moved.
    step, influence = 1e-6, -(y.mean() - y[2])
    assert (np.sum(y) / 6 + step * y[2]) / (1 + step) == pytest.approx(y.mean() + step * influence, abs=1e-10)
    # D1: least squares, plain and with the penalty's rows added.
    assert np.linalg.inv(X.T @ X) @ X.T @ y == pytest.approx(np.linalg.lstsq(X, y)[0])
    longer, target = np.vstack([X, np.sqrt(decay) * np.eye(3)]), np.append(y, np.zeros(3))
    assert np.linalg.inv(X.T @ X + decay * np.eye(3)) @ X.T @ y == pytest.approx(np.linalg.lstsq(longer, target)[0])


def part_of(records: Mapping[tuple[str, str], Mapping[str, Any]], row: Row) -> Mapping[str, Any]:
    record = records[row.sheet, row.question]
    (found,) = [part for part in record["parts"] if part["id"] == row.part]
    return found  # type: ignore[no-any-return]  # records are JSON


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.problem} {row.asks}")
def test_the_answer_is_right(records: Mapping[tuple[str, str], Mapping[str, Any]], row: Row) -> None:
    part = part_of(records, row)
    if row.answer is None:
        assert part["answer"] is None
        figures = records[row.sheet, row.question]["figures"].values() if part["kind"] == "figure" else ()
        key = "\n".join((part["solution"], *figures))
        for text in row.shows:
            assert text in key
    else:
        assert_equal(part["answer"]["exact"], row.answer)


def test_the_rows_are_all_that_the_pinned_exams_ask(records: Mapping[tuple[str, str], Mapping[str, Any]]) -> None:
    asked = [(sheet, question, part["id"]) for (sheet, question), r in records.items() for part in r["parts"]]
    assert sorted((row.sheet, row.question, row.part) for row in ROWS) == sorted(asked)


def test_no_question_speaks_of_a_part_that_is_not_asked(
    records: Mapping[tuple[str, str], Mapping[str, Any]],
) -> None:
    for record in records.values():
        spoken_of = {name for found in PARTS.findall(record["question"]) for name in found if name}
        assert spoken_of <= {part["id"] for part in record["parts"]}, record["exercise"]


def test_no_key_gives_the_right_answer_for_that_of_a_wrong_method(
    records: Mapping[tuple[str, str], Mapping[str, Any]],
) -> None:
    parts = [part for record in records.values() for part in record["parts"]]
    assert sum(len(part["slips"]) for part in parts) > 50
    for part in parts:
        assert all(slip["exact"] != part["answer"]["exact"] for slip in part["slips"])


def assert_equal(found: Any, right: Any) -> None:
    """Two nested answers: the same shape, the same numbers, expressions of the same value."""
    if isinstance(right, Mapping):
        assert found.keys() == right.keys()
        for name in right:
            assert_equal(found[name], right[name])
    elif isinstance(right, list):
        assert len(found) == len(right)
        for one, other in zip(found, right, strict=True):
            assert_equal(one, other)
    elif (number := _number(right)) is not None:
        assert _number(found) == number
    else:
        assert_same_values(found, right)


def _number(text: str) -> Fraction | None:
    try:
        return Fraction(text)
    except ValueError:
        return None


def assert_same_values(found: str, right: str) -> None:
    """Two expressions at twelve points, sums with three terms."""
    one, other = (sympy.sympify(text).subs({"n": 3, "J": 3}).doit() for text in (found, right))
    # x(1), phi(2) and their like are unknowns of their own.
    unknowns = sorted(one.free_symbols | other.free_symbols | one.atoms(_Indexed) | other.atoms(_Indexed), key=str)
    indices = [name for name in unknowns if str(name) in ("i", "j")]
    for trial in range(12):
        rng = np.random.default_rng(trial)
        # Logarithms want positive rates; x, y and weights come with both signs; indices differ or are the same.
        point = {name: _value(rng, str(name)) for name in unknowns}
        point |= {name: sympy.Integer(1 + place * (trial % 2)) for place, name in enumerate(indices)}
        if "p_j" in map(str, unknowns) and trial % 2 == 0 and len(indices) == 2:
            p = {str(name): name for name in unknowns}
            point[p["p_j"]] = point[p["p_i"]]
        assert abs(complex(one.subs(point)) - complex(other.subs(point))) < 1e-9, point


_Indexed = sympy.core.function.AppliedUndef
_POSITIVE = ("lamda", "sigma", "tau", "M", "p_", "a", "eta", "alpha")


def _value(rng: np.random.Generator, name: str) -> Any:
    if name == "M":
        return sympy.Integer(int(rng.integers(2, 7)))
    low = 0.2 if name.startswith(_POSITIVE) else -1.5
    return sympy.Float(float(rng.uniform(low, 1.5)))


def shown(answer: Any) -> str:
    """An answer as the table writes it."""
    if isinstance(answer, Mapping):
        return "; ".join(f"{name} = {_bare(entry)}" for name, entry in answer.items())
    return _bare(answer)


def _bare(answer: Any) -> str:
    return f"[{', '.join(map(_bare, answer))}]" if isinstance(answer, list) else str(answer)


def cells(records: Mapping[tuple[str, str], Mapping[str, Any]], row: Row) -> list[str]:
    part = part_of(records, row)
    slug = records[row.sheet, row.question]["exercise"]
    ours = {"figure": "drawing"}.get(part["kind"], "worked solution")
    printed = "none"
    if row.printed:
        printed = f"`{shown(row.answer)}`" if row.answer is not None else ours
    if part["answer"] is not None:
        exact = part["answer"]["exact"]
        # Named values stand in the order of the source.
        ours = f"`{shown({name: exact[name] for name in row.answer} if isinstance(exact, Mapping) else exact)}`"
    return [row.problem, row.asks, f"`{slug}`", f"{row.question} ({row.part})", printed, ours]


def test_the_table_says_what_the_exams_ask_and_answer(
    records: Mapping[tuple[str, str], Mapping[str, Any]],
) -> None:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    table = [line for line in lines if line.startswith("| ") and line[2] in "ABCDE" and line[3].isdigit()]
    assert table == [f"| {' | '.join(cells(records, row))} |" for row in ROWS]
