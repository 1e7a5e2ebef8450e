from __future__ import annotations

from collections import Counter

from generator.exam import Exam, numbered_variants, parse_exam, resolve
from generator.exam.questions import chosen
from generator.exercise import Registry

CONV, FIELD = 'exercise = "convolution/conv2d"', 'exercise = "convolution/receptive-field"'


def exam_of(*questions: str, seed: int = 7) -> Exam:
    body = "".join(f"[[section.question]]\n{question}\n" for question in questions)
    return parse_exam(f'title = "T"\nseed = {seed}\n[[section]]\n{body}', "x")


def drawn(exam: Exam, registry: Registry, variant: int = 1) -> dict[str, object]:
    resolved = resolve(exam, registry, numbered_variants(exam, variant)[variant - 1])
    return {entry.id: entry.instance.exercise for entry in resolved}


def test_questions_are_numbered_through_all_sections(registry: Registry) -> None:
    sections = "".join(f"[[section]]\n[[section.question]]\n{question}\n" for question in (CONV, FIELD))
    text = f'title = "T"\nseed = 7\n{sections}'
    resolved = resolve(exam := parse_exam(text, "x"), registry, numbered_variants(exam, 1)[0])
    assert [(entry.number, entry.section, entry.id) for entry in resolved] == [
        (1, 0, "convolution/conv2d"),
        (2, 1, "convolution/receptive-field"),
    ]


def test_a_moved_question_is_not_drawn_anew(registry: Registry) -> None:
    assert drawn(exam_of(CONV, FIELD), registry) == drawn(exam_of(FIELD, CONV), registry)


def test_another_question_changes_nothing(registry: Registry) -> None:
    with_more = drawn(exam_of(FIELD, f'{CONV}\nid = "more"', CONV), registry)
    assert with_more["convolution/conv2d"] == drawn(exam_of(CONV), registry)["convolution/conv2d"]
    assert with_more["more"] != with_more["convolution/conv2d"]


def test_variants_and_seeds_differ(registry: Registry) -> None:
    found = [
        drawn(exam_of(CONV), registry, 1),
        drawn(exam_of(CONV), registry, 2),
        drawn(exam_of(CONV, seed=8), registry),
    ]
    assert len({str(entry) for entry in found}) == 3


def test_points_default_to_the_weights_of_the_parts_asked(registry: Registry) -> None:
    def points(question: str) -> object:
        exam = exam_of(question)
        return resolve(exam, registry, numbered_variants(exam, 1)[0])[0].points

    assert points(CONV) == 3 + 4 + 4
    assert points(f'{CONV}\nparts = ["a"]') == 3
    assert points(f'{CONV}\nparts = ["a"]\npoints = 7.5') == 7.5


def pool(*slugs: str, pick: int) -> Exam:
    return exam_of(f"id = 'p'\npool = {list(slugs)}\npick = {pick}")


def test_a_pool_gives_each_variant_its_share_of_different_exercises() -> None:
    exam = pool("x/a", "x/b", "x/c", "x/d", pick=2)
    (spec,) = exam.questions
    found = [chosen(exam, spec, variant) for variant in numbered_variants(exam, 600)]
    assert all(len(set(slugs)) == 2 and list(slugs) == sorted(slugs) for slugs in found)
    # Each of four is in half of the variants: 300, give or take five standard deviations of 12.
    counts = Counter(slug for slugs in found for slug in slugs)
    assert all(240 < count < 360 for count in counts.values())


def test_a_larger_pool_changes_only_the_variants_that_get_the_new_exercise() -> None:
    small, large = pool("x/a", "x/b", pick=1), pool("x/a", "x/b", "x/c", pick=1)
    variants = numbered_variants(small, 200)
    before = [chosen(small, next(small.questions), variant) for variant in variants]
    after = [chosen(large, next(large.questions), variant) for variant in variants]
    assert all(new in (old, ("x/c",)) for old, new in zip(before, after, strict=True))
    assert ("x/c",) in after


def test_a_pool_names_its_questions_by_their_exercise(registry: Registry) -> None:
    exam = pool("convolution/conv2d", "convolution/receptive-field", pick=2)
    assert list(drawn(exam, registry)) == ["p:convolution/conv2d", "p:convolution/receptive-field"]
