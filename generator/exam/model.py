"""An exam as the instructor described it, and the variants of it that are printed."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from generator.draw import Level
from generator.exercise import Instance

Paper: TypeAlias = Literal["a4", "letter"]

EFFORT_SPREAD = Fraction(1, 10)


@dataclass(frozen=True, slots=True)
class QuestionSpec:
    """One question of every variant, or `pick` questions chosen from a pool.

    ``id`` names the random stream: the instructor's own, else made from the slugs, so that it survives moving.
    ``exercises`` holds one slug, or those of a pool. ``points`` is what each question is worth (None: the sum of its
    parts' weights), ``parts`` which parts are asked (None: all), ``pins`` the pinned parameters in their JSON form.
    ``page_break`` starts the question on a new page.
    """

    id: str
    exercises: tuple[str, ...]
    level: Level
    pick: int = 1
    points: Fraction | None = None
    parts: tuple[str, ...] | None = None
    pins: Mapping[str, Any] = field(default_factory=dict)
    page_break: bool = False

    @property
    def is_pool(self) -> bool:
        """Whether the exercise is chosen per variant."""
        return len(self.exercises) > 1

    def question_id(self, slug: str) -> str:
        """The id of the question that an exercise becomes: its own for each exercise of a pool."""
        return f"{self.id}:{slug}" if self.is_pool else self.id


@dataclass(frozen=True, slots=True)
class SectionSpec:
    """A group of questions under one title, which may be empty."""

    title: str
    questions: tuple[QuestionSpec, ...]


@dataclass(frozen=True, slots=True)
class Exam:
    r"""An exam, checked: every exercise, level, part and pinned value in it exists and works.

    ``instructions`` is Markdown; ``language`` a BCP 47 tag; ``text`` the exam file itself, line ends as ``\\n``.
    Facts that were left out are None, texts empty. ``effort_spread`` is how far the effort of a variant may be from
    the median of all variants, as a share of it.
    """

    title: str
    course: str
    date: datetime.date | None
    minutes: int | None
    aids: str
    instructions: str
    paper: Paper
    language: str
    seed: int
    sections: tuple[SectionSpec, ...]
    text: str
    effort_spread: Fraction = EFFORT_SPREAD

    @property
    def questions(self) -> Iterator[QuestionSpec]:
        """The questions of all sections, in order."""
        return (question for section in self.sections for question in section.questions)


@dataclass(frozen=True, slots=True)
class Student:
    """Someone on the roster; the name may be empty, and the line is 0 where there is no roster."""

    id: str
    name: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Variant:
    """One printed version of an exam.

    ``key`` names its random streams (the plain number, or the student's id), ``label`` its files (the number padded
    with zeros, or the student's id); ``code`` is the short code on every page of question sheet and key.
    ``candidates`` says by question id which candidate drawn for a question the variant has, counted from 1; for a
    question that is not in it, the first.
    """

    key: str
    label: str
    code: str
    student: Student | None = None
    candidates: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ResolvedQuestion:
    """A question of one variant with its drawn instance; ``number`` counts from 1 through the whole exam.

    ``points`` is what the asked ``parts`` are worth together; ``section`` is the index of its section in the exam;
    ``candidate`` counts the candidates drawn for it.
    """

    id: str
    number: int
    section: int
    instance: Instance
    points: Fraction
    parts: tuple[str, ...]
    page_break: bool
    candidate: int = 1
