from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from generator.batch import GateResult, bound, run_gate
from generator.batch.gate import TAMPERED
from generator.batch.inspection import inspect
from generator.exercise import Registry, make_instance
from generator.wording import word
from tests.batch.packs import SKELETON, skeleton_pack


def reasons(folder: Path, draws: int = 40) -> str:
    (result,) = run_gate(["topic/skeleton"], ["medium"], draws, sheets=40, packs=(folder,))
    assert result.draws == draws
    return " | ".join(result.reasons)


def test_the_skeleton_passes() -> None:
    results = run_gate(["topic/skeleton"], ["easy", "medium", "hard"], 60, packs=(SKELETON,))
    assert [result.reasons for result in results] == [[], [], []]
    assert all(result.accepted == 60 and result.tries >= 60 for result in results)


def test_several_processes_count_alike() -> None:
    slugs = ["convolution/receptive-field", "topic/skeleton"]
    once = run_gate(slugs, ["medium"], 300, packs=(SKELETON,))
    twice = run_gate(slugs, ["medium"], 300, packs=(SKELETON,), jobs=2)
    untimed = [{**result.summary(), "milliseconds": None} for result in once]
    assert untimed == [{**result.summary(), "milliseconds": None} for result in twice]


SPOILT = [
    ("answer, int(np.dot(", "answer, 1 + int(np.dot(", "40 × disagreement"),
    ("all(self.weights) and all(self.inputs)", "False", "40 × no draw"),
    ("return Solution(", "raise ZeroDivisionError('oops')\n        return Solution(", "40 × PackError: '1/0/"),
    ("-5, 5)", "-1, 1)", "distinct instances in 400 draws; wanted 120"),
]
SPOILT_WORDS = [
    ("<<1 | mark>>", "<<2 | mark>>", "40 × TemplateError"),
    ("## (a)", "## (b)", "40 × TemplateError"),
    ("<<q.inputs | row>>", "<<q.input | row>>", "40 × TemplateError"),
    ("Compute the", "[Compute](http://x) the", "40 × DocumentError"),
    ("Compute the", f"${{{'x' * 200}}}$", "40 × Wide"),
]


@pytest.mark.parametrize(("old", "new", "message"), SPOILT)
def test_what_is_wrong_with_an_exercise_is_found(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert message in reasons(skeleton_pack(tmp_path, (old, new)), 400 if "400" in message else 40)


@pytest.mark.parametrize(("old", "new", "message"), SPOILT_WORDS)
def test_what_is_wrong_with_its_words_is_found(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert message in reasons(skeleton_pack(tmp_path, (old, new)))


def test_points_that_change_from_draw_to_draw_are_found(tmp_path: Path) -> None:
    points = ("2, work=", "2 + (self.weights[0] > 0), work=")
    mark = ("products. <<1 | mark>>", 'products. <<(s["a"].points - 1) | mark>>')
    assert "the parts or their points change from draw to draw" in reasons(skeleton_pack(tmp_path, points, mark))


def test_a_printed_equality_that_does_not_hold_is_found(tmp_path: Path) -> None:
    folder = skeleton_pack(tmp_path, ("products. <<1 | mark>>", "products. <<1 | mark>> $2 + 2 = 5$"))
    (result,) = run_gate(["topic/skeleton"], ["medium"], 40, packs=(folder,))
    assert result.failures["line off"] == 40
    assert "part a: 2 + 2 = 5" in result.reasons[0]
    assert result.summary()["lines_off"] == result.misses == 40
    assert result.links > result.misses


def test_a_wrong_step_with_letters_is_found(tmp_path: Path) -> None:
    step = ("products. <<1 | mark>>", r"products. <<1 | mark>> $a^2 - b^2 = (a + b)(a - b) = (a + b)^2$")
    folder = skeleton_pack(tmp_path, step)
    (result,) = run_gate(["topic/skeleton"], ["medium"], 40, read=30, packs=(folder,))
    # Only draws whose formulas are read can show it.
    assert result.failures == {"line off": 30}
    assert "(a + b)(a - b) = (a + b)^2" in result.reasons[0]
    assert result.summary()["formulas_judged"] >= 30


def test_a_number_from_nowhere_is_found(tmp_path: Path) -> None:
    line = ("products. <<1 | mark>>", "products. <<1 | mark>> $r = 977 \\cdot 2 = 1954$")
    (result,) = run_gate(["topic/skeleton"], ["medium"], 20, packs=(skeleton_pack(tmp_path, line),))
    assert result.failures == {"number not in the question": 20}
    assert "977" in result.reasons[0]


def test_an_answer_that_no_check_looks_at_is_found(tmp_path: Path) -> None:
    pack = skeleton_pack(tmp_path, ('solution["a"].answer', "self.solve().parts[0].answer"))
    (result,) = run_gate(["topic/skeleton"], ["medium"], 20, packs=(pack,))
    assert result.failures == {"unchecked answer": TAMPERED}
    assert result.examples["unchecked answer"].endswith("no check notices a wrong answer to part a")


def test_pinned_values_are_those_of_all_draws(tmp_path: Path) -> None:
    packs = (SKELETON,)
    (result,) = run_gate(["topic/skeleton"], ["medium"], 30, packs=packs, pins={"weights": [1, 2, 3]})
    assert result.failures == {}
    (result,) = run_gate(["topic/skeleton"], ["medium"], 5, packs=packs, pins={"weights": [0, 1, 2]})
    assert result.failures == {"waived": 5}


def test_working_that_goes_on_from_a_rounded_number_needs_a_tolerance(tmp_path: Path) -> None:
    lines = ('third = line("t", work.result / total([3]), places=1)', 'more = line("u", total([third.result, 0]))')
    rounding = ("return Solution((", "\n        ".join((*lines, "return Solution((")))
    shown = ('work={"sum": work}', 'work={"sum": work, "third": third, "more": more}')
    folder = skeleton_pack(tmp_path / "without", rounding, shown)
    found = reasons(folder, 200)
    assert "× rounding: '1/" in found
    assert "part a goes on from the rounded " in found
    tolerance = ('work={"sum": work}', 'tolerance="0.05", work={"sum": work}')
    assert not reasons(skeleton_pack(tmp_path / "with", rounding, tolerance, shown), 200)


def test_slips_are_compared_once_more(registry: Registry) -> None:
    instance = make_instance(registry.get("convolution/conv2d"), "1/1/q", "medium")
    words = word(instance)
    assert inspect(instance, words).faults == ()
    first = instance.slips[0]
    right = replace(first, value=instance.solution[first.part].answer)
    (fault,) = inspect(replace(instance, slips=(right,)), words).faults
    assert (fault.kind, fault.text) == ("slip", f"part {first.part}: {first.name!r} gives the right answer")
    one, other = replace(first, apart=True), replace(first, name="other", apart=True)
    (fault,) = inspect(replace(instance, slips=(one, other)), words).faults
    assert fault.text == f"part {first.part}: {first.name!r} and 'other' give the same"


def test_an_answer_that_can_be_guessed_is_noted(tmp_path: Path) -> None:
    fixed = (
        "return cls(weights, inputs)",
        "return cls(weights, inputs) if d.chance(3, 4) else cls((1, 1, 2), (1, 2, -3))",
    )
    folder = skeleton_pack(tmp_path, ("-5, 5)", "-9, 9)"), fixed)
    (result,) = run_gate(["topic/skeleton"], ["medium"], 500, packs=(folder,))
    (note,) = result.notes
    assert re.fullmatch(r'part a: the answer is "-3" in [23]\d % of the draws', note)
    assert result.passed
    assert 0.2 < result.summary()["frequent_answers"]["a"]['"-3"'] < 0.4


def test_few_answers_may_come_up_often(tmp_path: Path) -> None:
    (result,) = run_gate(["topic/skeleton"], ["easy"], 500, packs=(skeleton_pack(tmp_path, ("-5, 5)", "-1, 1)")),))
    assert result.notes == []


def test_choices_that_favour_a_place_are_noted() -> None:
    result = GateResult("x/y", "medium", draws=400)
    result.choices["c"] = Counter(A=100, B=110, C=90, D=100)
    assert result.notes == []
    result.choices["c"] = Counter(A=220, B=60, C=60, D=60)
    assert result.notes == ["part c: the right choice is A in 55 % of the draws"]
    result.choices["c"] = Counter(B=400)
    assert result.notes == ["part c: the right choice is B in 100 % of the draws"]


def test_effort_before_and_after_matching(tmp_path: Path) -> None:
    uneven = ("d.integers(SIZES[level], -5, 5)", "d.integers(d.pick((1, 3, 6)), -5, 5)")
    (result,) = run_gate(["topic/skeleton"], ["medium"], 300, packs=(skeleton_pack(tmp_path, uneven),))
    effort = result.summary()["effort"]
    assert effort["spread"] > 0.5
    assert effort["matched_spread"] <= 0.1
    assert 0.2 < effort["matched_share"] < 0.5


def test_the_rule_of_three() -> None:
    # (1 - 3/n)^n is about e^-3 = 0.05.
    assert abs((1 - bound(1000)) ** 1000 - 0.05) < 0.001
    assert bound(2) == 1.0
