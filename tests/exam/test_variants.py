from __future__ import annotations

from dataclasses import replace

from generator.exam import Student, fingerprint, numbered_variants, parse_exam, student_variants
from generator.exam.variants import ALPHABET

EXAM = parse_exam('title = "T"\nseed = 7\n[[section]]\n[[section.question]]\nexercise = "a/b"\n', "x")


def test_numbered_variants_keep_their_streams_when_there_are_more() -> None:
    few, many = numbered_variants(EXAM, 9), numbered_variants(EXAM, 120)
    assert [variant.label for variant in few][:2] == ["01", "02"]
    assert many[0].label == "001"
    assert [(variant.key, variant.code) for variant in few] == [(v.key, v.code) for v in many[:9]]


def test_codes_are_short_clear_and_all_different() -> None:
    variants = numbered_variants(EXAM, 3000)
    codes = {variant.code for variant in variants}
    assert len(codes) == 3000
    assert all(len(code) == 6 and set(code) <= set(ALPHABET) for code in codes)
    assert not set(ALPHABET) & set("O0I1L25SZUAE")


def test_codes_that_collide_are_told_apart() -> None:
    # 23^6 codes: among so many variants two of them get the same code at first, and not in the end.
    variants = numbered_variants(EXAM, 40_000)
    assert len({variant.code for variant in variants}) == 40_000


def test_a_code_depends_on_exam_seed_and_variant() -> None:
    def code(exam: object = EXAM) -> str:
        return numbered_variants(exam, 1)[0].code  # type: ignore[arg-type]  # keeps the cases on one line each

    other_text, other_seed = replace(EXAM, text=EXAM.text + "\n"), replace(EXAM, seed=8)
    assert len({code(), code(other_text), code(other_seed), numbered_variants(EXAM, 2)[1].code}) == 4
    assert len({fingerprint(exam) for exam in (EXAM, other_text, other_seed)}) == 3


def test_a_student_keeps_the_variant_when_the_roster_changes() -> None:
    anna, bela = Student("17", "Anna"), Student("18", "Béla")
    assert student_variants(EXAM, [anna, bela])[1] == student_variants(EXAM, [bela])[0]
    assert student_variants(EXAM, [anna])[0].label == "17"
