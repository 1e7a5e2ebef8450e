from __future__ import annotations

from generator.exam import parse_exam
from generator.exercise import Registry
from tools.interpreters import Built, differing, exam_of_all, table

VERSIONS = {"python": "3.11.7", "zlib": "1.3", "numpy": "2.4"}


def test_builds_are_compared_with_the_first() -> None:
    first = Built("python3.11", VERSIONS, {"a": "1", "b": "2"})
    same = Built("python3.12", VERSIONS | {"python": "3.12.1"}, {"a": "1", "b": "2"})
    other = Built("python3.13", VERSIONS | {"python": "3.13.0"}, {"a": "1", "b": "3", "c": "4"})
    assert differing(first, same) == []
    assert differing(first, other) == ["b", "c"]
    assert table([first, same]).splitlines()[-1] == "| 3.12.1 | 1.3 | 2.4 | 2 | 2 |"


def test_the_exam_has_every_exercise_type(registry: Registry) -> None:
    exam = parse_exam(exam_of_all(), "exam.toml")
    assert tuple(question.exercises[0] for question in exam.questions) == registry.slugs
