"""An exam of one question, for looking at an exercise type on paper."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from generator.draw import Level
from generator.exam.model import Exam, QuestionSpec, SectionSpec
from generator.exercise import ExerciseType


def single_exam(
    kind: ExerciseType,
    level: Level,
    seed: int,
    pins: Mapping[str, Any] | None = None,
    parts: Sequence[str] | None = None,
) -> Exam:
    """The exam whose only question is one exercise; its variants have the streams ``seed/variant/slug``."""
    chosen = None if parts is None else tuple(parts)
    question = QuestionSpec(kind.slug, (kind.slug,), level, parts=chosen, pins=pins or {})
    return Exam(
        title=kind.about.title,
        course="",
        date=None,
        minutes=None,
        aids="",
        instructions="",
        paper="a4",
        language="en",
        seed=seed,
        sections=(SectionSpec("", (question,)),),
        # Stands for the file that there is none of: the variants' codes depend on it.
        text=json.dumps([kind.slug, level, pins, chosen], default=str),
    )
