from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.batch import BuildPlan, DistinctError, SpreadError, VariantError, build, spread, verify
from generator.batch.candidate import tolerance_within, usual
from generator.batch.matching import check_spread
from generator.exam import Exam, Student, numbered_variants, parse_exam, student_variants
from tests.batch.packs import skeleton_pack

HEAD = 'title = "T"\nseed = 7\n[[section]]\n'
QUESTION = '[[section.question]]\nexercise = "topic/skeleton"\n'
UNEVEN = ("d.integers(SIZES[level], -5, 5)", "d.integers(d.pick((1, 3, 6)), -5, 5)")
FEW = ("-5, 5)", "-1, 1)")
THREE = ("lambda: d.integers(len(weights), -5, 5)", "lambda: d.pick(((2, -1, 1), (3, -1, 2), (4, -2, 1)))")


def exam_of(text: str) -> Exam:
    return parse_exam(text, "exam.toml")


def built(out: Path, pack: Path, text: str = HEAD + QUESTION, variants: int = 12, **changes: Any) -> dict[str, Any]:
    exam = exam_of(text)
    build(BuildPlan(exam, numbered_variants(exam, variants), out, ("json",), packs=(pack,), **changes))
    manifest: dict[str, Any] = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    return manifest


def questions(manifest: dict[str, Any], place: int = 0) -> list[dict[str, Any]]:
    return [variant["questions"][place] for variant in manifest["variants"]]


def test_variants_take_equal_effort_where_the_first_draws_do_not(tmp_path: Path) -> None:
    manifest = built(tmp_path / "out", skeleton_pack(tmp_path / "pack", UNEVEN))
    efforts = [variant["effort"] for variant in manifest["variants"]]
    first = [question["first_effort"] for question in questions(manifest)]
    assert spread(first) > 0.5
    assert spread(efforts) <= 0.1
    assert efforts == [question["weighted_effort"] for question in questions(manifest)]
    assert len({len(question["parameters"]["weights"]) for question in questions(manifest)}) == 1


def test_a_wider_bound_lets_the_first_draws_be(tmp_path: Path) -> None:
    text = HEAD.replace("[[", "effort_spread = 10\n[[") + QUESTION
    manifest = built(tmp_path / "out", skeleton_pack(tmp_path / "pack", UNEVEN), text)
    assert {question["candidate"] for question in questions(manifest)} == {1}


def test_variants_share_the_pattern_that_an_exercise_declares(tmp_path: Path) -> None:
    hook = "    def pattern(self) -> str:\n        return str(self.inputs[0] > 0)\n\n"
    pattern = ("    def slips(", f"{hook}    def slips(")
    manifest = built(tmp_path / "out", skeleton_pack(tmp_path / "pack", pattern))
    assert len({int(question["parameters"]["inputs"][0]) > 0 for question in questions(manifest)}) == 1
    assert manifest["targets"][0]["pattern"] in ("True", "False")
    assert "| True |" in (tmp_path / "out" / "report.md").read_text(encoding="utf-8").replace("False", "True")


def test_a_path_that_no_further_draw_takes_is_refused(tmp_path: Path) -> None:
    hook = "    def pattern(self) -> str:\n        return f'inputs={self.inputs}'\n\n"
    pack = skeleton_pack(tmp_path / "pack", ("    def slips(", f"{hook}    def slips("))
    text = HEAD + QUESTION + "set = { weights = [19, 17, 13, 11, 7, 5] }\n"
    with pytest.raises(VariantError) as caught:
        built(tmp_path / "out", pack, text)
    assert "none of 400 draws is solved along the path that most draws take (inputs=(" in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_the_key_names_the_candidate(tmp_path: Path) -> None:
    manifest = built(tmp_path / "out", skeleton_pack(tmp_path / "pack", UNEVEN))
    for variant, question in zip(manifest["variants"], questions(manifest), strict=True):
        suffix = f"/candidate/{question['candidate']}" if question["candidate"] > 1 else ""
        assert question["key"] == f"7/{variant['key']}/topic/skeleton{suffix}"
    assert any(question["candidate"] > 1 for question in questions(manifest))


@pytest.mark.parametrize("replacement", [UNEVEN, FEW])
def test_one_or_two_processes_choose_alike(tmp_path: Path, replacement: tuple[str, str]) -> None:
    pack = skeleton_pack(tmp_path / "pack", replacement)
    one = built(tmp_path / "one", pack)
    two = built(tmp_path / "two", pack, jobs=2)
    assert one == two
    assert (tmp_path / "one" / "report.md").read_bytes() == (tmp_path / "two" / "report.md").read_bytes()


def test_a_question_or_variant_more_changes_no_other(tmp_path: Path) -> None:
    pack = skeleton_pack(tmp_path / "pack", UNEVEN)
    before = built(tmp_path / "before", pack, variants=3)
    more = HEAD + '[[section.question]]\nid = "new"\nexercise = "topic/skeleton"\n' + QUESTION
    after = built(tmp_path / "after", pack, more, variants=5)
    kept = [question["parameters"] for question in questions(after, 1)]
    assert kept[:3] == [question["parameters"] for question in questions(before)]


def test_no_two_variants_share_an_instance(tmp_path: Path) -> None:
    # 56 different instances: with 40 variants the first draws repeat some for certain.
    manifest = built(tmp_path / "out", skeleton_pack(tmp_path / "pack", FEW), variants=40)
    assert len({json.dumps(question["parameters"]) for question in questions(manifest)}) == 40
    assert any(question["candidate"] > 1 for question in questions(manifest))
    assert verify(tmp_path / "out", (tmp_path / "pack",)).passed


def test_more_variants_than_instances_are_refused(tmp_path: Path) -> None:
    pack = skeleton_pack(tmp_path / "pack", FEW)
    with pytest.raises(DistinctError) as caught:
        built(tmp_path / "out", pack, variants=57)
    assert str(caught.value).startswith("question topic/skeleton at level medium: after 56 different instances, ")
    assert not (tmp_path / "out").exists()


def test_few_instances_are_no_excuse_to_share_one(tmp_path: Path) -> None:
    """Only a question with a single instance is the same for all; one with three serves three variants."""
    pack, three = skeleton_pack(tmp_path / "pack", THREE), HEAD + QUESTION + "set = { weights = [1, 1, 1] }\n"
    manifest = built(tmp_path / "three", pack, three, variants=3)
    assert len({str(question["parameters"]) for question in questions(manifest)}) == 3
    assert not manifest["targets"][0]["single"]
    with pytest.raises(DistinctError) as caught:
        built(tmp_path / "five", pack, three, variants=5)
    assert "after 3 different instances" in str(caught.value)
    assert not (tmp_path / "five").exists()


def test_every_instance_there_is_can_be_used(tmp_path: Path) -> None:
    pack = skeleton_pack(tmp_path / "pack", FEW)
    pinned = QUESTION + "set = { weights = [1, 1, 1] }\n"
    # Three inputs of 1 or -1, less the one without a minus sign to lose.
    manifest = built(tmp_path / "out", pack, HEAD + pinned, variants=7)
    assert len({str(question["parameters"]) for question in questions(manifest)}) == 7


def test_a_question_with_all_values_pinned_is_shared_and_reported(tmp_path: Path) -> None:
    text = HEAD + QUESTION + "set = { weights = [1, 2], inputs = [3, -1] }\n" + QUESTION
    exam = exam_of(text)
    plan = BuildPlan(
        exam, numbered_variants(exam, 3), tmp_path / "out", ("json",), packs=(skeleton_pack(tmp_path / "pack"),)
    )
    assert build(plan).single == ("topic/skeleton",)
    assert build(plan).single == ("topic/skeleton",)
    assert "one, the same for all" in (tmp_path / "out" / "report.md").read_text(encoding="utf-8")


def test_later_students_avoid_what_earlier_ones_have(tmp_path: Path) -> None:
    pack, exam = skeleton_pack(tmp_path / "pack", FEW), exam_of(HEAD + QUESTION)
    students = [Student(f"s{number}", "") for number in range(40)]
    out = tmp_path / "out"

    def parameters(of: list[Student]) -> dict[str, str]:
        build(BuildPlan(exam, student_variants(exam, of), out, ("json",), packs=(pack,)))
        manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
        return {entry["variant"]: str(entry["questions"][0]["parameters"]) for entry in manifest["variants"]}

    first = parameters(students[20:])
    both = parameters(students)
    assert {label: both[label] for label in first} == first
    assert len(set(both.values())) == 40


def test_a_resumed_build_chooses_as_the_whole_one(tmp_path: Path) -> None:
    pack, exam = skeleton_pack(tmp_path / "pack", FEW), exam_of(HEAD + QUESTION)

    def plan(name: str) -> BuildPlan:
        return BuildPlan(exam, numbered_variants(exam, 30), tmp_path / name, ("json",), packs=(pack,))

    def interrupt(done: int, total: int) -> None:
        if done == 42:
            raise KeyboardInterrupt

    build(plan("whole"))
    with pytest.raises(KeyboardInterrupt):
        build(plan("cut"), interrupt)
    # As if another process had been quicker with the last ones.
    for label in ("03", "07", "11"):
        (tmp_path / "cut" / "unfinished" / "variants" / f"{label}.json").unlink()
    assert build(plan("cut")).kept == 12 - 3
    for name in ("manifest.json", "report.md", "answers.csv"):
        assert (tmp_path / "cut" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_pools_of_unequal_exercises_are_refused(tmp_path: Path) -> None:
    pool = '[[section.question]]\nid = "p"\npool = ["topic/skeleton", "convolution/conv2d"]\npick = 1\npoints = 4\n'
    with pytest.raises(SpreadError, match="put exercises of equal effort into each pool, or allow more with") as caught:
        built(tmp_path / "out", skeleton_pack(tmp_path / "pack"), HEAD + pool, variants=4)
    assert not (tmp_path / "out").exists()
    share = str(caught.value).split("effort_spread = ")[1].split(" ")[0]
    text = HEAD.replace("[[", f"effort_spread = {share}\n[[") + pool
    assert len(built(tmp_path / "out", tmp_path / "pack", text, variants=4)["variants"]) == 4


@given(
    st.integers(1, 20),
    st.lists(st.integers(1, 400), min_size=1, max_size=8),
    st.data(),
)
def test_questions_within_tolerance_give_totals_within_the_bound(
    percent: int, targets: list[int], data: st.DataObject
) -> None:
    exam = exam_of(f'title = "T"\nseed = 1\neffort_spread = {percent / 20}\n[[section]]\n{QUESTION}')
    room = [int(tolerance_within(exam.effort_spread) * target) for target in targets]
    one_variant = st.tuples(*(st.integers(t - r, t + r) for t, r in zip(targets, room, strict=True)))
    variants = data.draw(st.lists(one_variant, min_size=1, max_size=9))
    check_spread(exam, {str(number): sum(efforts) for number, efforts in enumerate(variants)})


def test_the_bound_is_a_share_of_the_median() -> None:
    exam = exam_of(HEAD + QUESTION)
    efforts = {"01": 100, "02": 100, "03": 110}
    check_spread(exam, efforts)
    with pytest.raises(SpreadError) as caught:
        check_spread(exam, efforts | {"03": 111})
    assert str(caught.value) == (
        "variant 03 takes an effort of 111, 11 % off the median 100, where effort_spread allows 10 %; "
        "allow more with effort_spread = 0.11 in the exam file"
    )


@pytest.mark.parametrize(
    ("efforts", "found"), [([10, 10, 50, 90], 10), ([8, 9, 30, 31, 32], 31), ([1, 5, 9], 5), ([7], 7)]
)
def test_the_usual_effort_has_most_draws_near_it(efforts: list[int], found: int) -> None:
    assert usual(efforts, Fraction(1, 20)) == found


def test_the_report_says_what_the_manifest_says(tmp_path: Path) -> None:
    manifest = built(tmp_path / "out", skeleton_pack(tmp_path / "pack", UNEVEN), variants=5)
    report = (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    efforts = [variant["effort"] for variant in manifest["variants"]]
    totals = f"| {min(efforts)} | {median(efforts):g} | {max(efforts)} | {100 * spread(efforts):.1f} % |"
    assert f"| as built {totals}" in report
    for variant in manifest["variants"]:
        assert f"| {variant['variant']} | {variant['effort']} |" in report


def test_pinned_values_of_poor_quality_are_matched_too(tmp_path: Path) -> None:
    pinned = QUESTION + "set = { weights = [0, 2, 3] }\n"
    manifest = built(tmp_path / "out", skeleton_pack(tmp_path / "pack"), HEAD + pinned, variants=4)
    assert all(question["waived"] for question in questions(manifest))
    assert len({str(question["parameters"]) for question in questions(manifest)}) == 4
    assert not manifest["targets"][0]["single"]
