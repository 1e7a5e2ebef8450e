"""All exercise types to leaf through: an instance of each, as the question sheet asks it and as the key answers it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby

from generator.document.markdown import read_markdown
from generator.document.tree import (
    Block,
    Code,
    Contents,
    Field,
    Landmark,
    PageBreak,
    Paragraph,
    Question,
    Section,
    Sheet,
    TitleBlock,
)
from generator.draw import Level
from generator.exam import ResolvedQuestion
from generator.exercise import ExerciseType, Instance, make_instance
from generator.sheets import question_and_key
from generator.wording import word

INTRODUCTION = (
    "Every exercise type, drawn once: first as the question sheet asks it, then as the answer key answers it. The name "
    "below each title, such as `{slug}`, is the one that exam files use. The command\n\n"
    "```\nexamwright show {slug} --level {level} --seed {seed}\n```\n\n"
    "shows the same instance by itself, with `--format pdf -o FILE` on paper; another seed draws another."
)


def drawn(kind: ExerciseType, level: Level, seed: int) -> Instance:
    """An instance, as `examwright show` draws it with the same seed. Raises what `make_instance` raises."""
    return make_instance(kind, f"{seed}/1/{kind.slug}", level)


def gallery_sheet(instances: Sequence[Instance], level: Level, seed: int) -> Sheet:
    """The gallery as one document, by topic, with a table of contents and an outline; instances come by topic.

    Raises TemplateError where an exercise's template is at fault.
    """
    blocks: list[Block] = []
    landmarks: list[Landmark] = []
    number = 0
    for topic, members in groupby(instances, key=lambda instance: instance.type.topic):
        title = topic.replace("_", " ").capitalize()
        landmarks.append(Landmark(topic, 0, title))
        heading: tuple[Block, ...] = (Section(title, landmarks[-1]),)
        for instance in members:
            number += 1
            landmarks.append(Landmark(instance.type.slug, 1, instance.type.about.title))
            question, key = _pair(instance, number, landmarks[-1])
            blocks += (PageBreak(), *heading, question, PageBreak(), key)
            heading = ()
    introduction = INTRODUCTION.format(slug=instances[0].type.slug, level=level, seed=seed)
    facts = (Field("Exercise types", str(number)), Field("Level", level), Field("Seed", str(seed)))
    return Sheet(
        title=TitleBlock("examwright", "Gallery of exercise types", facts),
        language="en",
        paper="a4",
        code="",
        running_title=f"examwright · Gallery of exercise types · level {level}, seed {seed}",
        blocks=(*read_markdown(introduction, {}), Contents(tuple(landmarks)), *blocks),
        author="examwright",
        subject=f"An instance of every exercise type at level {level}, seed {seed}",
    )


def _pair(instance: Instance, number: int, landmark: Landmark) -> tuple[Question, Question]:
    parts = instance.solution.part_ids
    points = Fraction(sum(part.points for part in instance.solution.parts))
    entry = ResolvedQuestion(instance.type.slug, number, 0, instance, points, parts, page_break=False)
    question, key = question_and_key(entry, word(instance))
    name = Paragraph((Code(instance.type.slug),))
    return (
        Question(question.number, question.title, question.points, (name, *question.blocks), landmark),
        Question(key.number, f"{key.title}: answer key", key.points, key.blocks),
    )
