"""What holds for every exercise type alike; the types' own mathematics is tested beside this file."""

import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
import sympy

from generator.document.markdown import read_markdown
from generator.draw import LEVELS, Level
from generator.exercise import ExerciseType, Instance, Registry, load_registry, make_instance
from generator.exercise.contract import FREE_KINDS
from generator.notation import canonical, plain
from generator.replay import replay
from generator.typeset.formula import set_formula
from generator.wording import word

SLUGS = load_registry().slugs
GOLDEN = Path(__file__).parent / "golden"
DRAWS = 20

_MARK = re.compile(r"\[[^]]*\]\(#mark\)")
_FORMULA = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$", re.DOTALL)

every_type = pytest.mark.parametrize("slug", SLUGS)
every_level = pytest.mark.parametrize("level", LEVELS)


def draws(kind: ExerciseType, level: Level, count: int = DRAWS) -> list[Instance]:
    return [make_instance(kind, f"{seed}/1/test", level) for seed in range(count)]


@every_type
@every_level
def test_drawn_instances_are_sound(registry: Registry, slug: str, level: Level) -> None:
    instances = draws(registry.get(slug), level)
    for instance in instances:
        assert not instance.waived
        assert all(check.agreed for check in instance.checks)
        checked = {check.part for check in instance.checks}
        assert {part.id for part in instance.solution.parts if part.kind not in FREE_KINDS} <= checked
        for slip in instance.slips:
            assert canonical(slip.value) != canonical(instance.solution[slip.part].answer)
    # An exam relies on it that all variants have the same parts for the same points.
    shapes = {tuple((part.id, part.kind, part.points) for part in instance.solution.parts) for instance in instances}
    assert len(shapes) == 1
    assert len({instance.exercise for instance in instances}) > 1


@every_type
@every_level
def test_words_read_and_typeset(registry: Registry, slug: str, level: Level) -> None:
    for instance in draws(registry.get(slug), level, 5):
        worded = word(instance, points=Fraction(11))
        assert worded.points == 11
        figures = instance.exercise.figures(instance.solution)
        for text in (worded.stem, *(part.prompt for part in worded.parts), *(part.solution for part in worded.parts)):
            read_markdown(text, figures)
            for display, inline in _FORMULA.findall(text):
                set_formula((display or inline).strip(), 10.5, bool(display))
            assert "None" not in text
            assert not re.search(r"[+-] *[+-] *\d", text), "two signs in a row"
        for part in worded.parts:
            # Marks are scaled with the points of the exam; a number of them in words would not be.
            assert not re.search(r"(?i)\b(one|two|three|a|\d+) marks?\b", _MARK.sub("", part.solution))
            if instance.solution[part.id].kind not in FREE_KINDS:
                assert re.search(r"^>", part.solution, re.MULTILINE), f"part {part.id} has no final answer in a box"


@every_type
@every_level
def test_every_printed_equality_holds(registry: Registry, slug: str, level: Level) -> None:
    for instance in draws(registry.get(slug), level):
        worded = word(instance)
        for part in worded.parts:
            assert replay(part.solution).misses == ()


@every_type
@every_level
def test_parameters_are_complete(registry: Registry, slug: str, level: Level) -> None:
    """Pinning what a record says gives the very same instance: an outsider can recompute every answer."""
    kind = registry.get(slug)
    for instance in draws(kind, level, 5):
        again = make_instance(kind, "elsewhere", level, instance.parameters)
        assert again.exercise == instance.exercise
        assert again.solution.parts == instance.solution.parts


def _scalars(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for entry in value.values() for text in _scalars(entry)]
    if isinstance(value, list):
        return [text for entry in value for text in _scalars(entry)]
    return [] if value is None else [str(value)]


@every_type
@every_level
def test_answers_in_records_parse(registry: Registry, slug: str, level: Level) -> None:
    for instance in draws(registry.get(slug), level, 3):
        for part in instance.solution.parts:
            for text in _scalars(plain(part.answer)):
                assert sympy.sympify(text) is not None


@every_type
def test_the_same_key_gives_the_same_words(registry: Registry, slug: str) -> None:
    kind = registry.get(slug)
    once, again = (word(make_instance(kind, "7/1/same", "medium")) for _ in range(2))
    assert once == again


@every_type
def test_golden_words(registry: Registry, slug: str, golden: Callable[[Path, str], None]) -> None:
    worded = word(make_instance(registry.get(slug), f"golden/1/{slug}", "medium"))
    solutions = (f"## Solution ({part.id})\n\n{part.solution}" for part in worded.parts)
    text = "\n\n".join([f"# {slug}", worded.question, worded.solution_opening, *solutions]) + "\n"
    golden(GOLDEN / f"{slug}.md", text)


@pytest.mark.long
@every_type
@every_level
def test_a_thousand_draws(registry: Registry, slug: str, level: Level) -> None:
    instances = draws(registry.get(slug), level, 1000)
    assert all(not instance.waived for instance in instances)
    if level == "medium":
        assert len({instance.exercise for instance in instances}) >= 300
