"""What the exercise types draw and answer at fixed keys, frozen: a change here changes exams that were printed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generator.draw import LEVELS
from generator.exercise import Registry, load_registry, make_instance
from generator.formats import instance_record, json_text

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("slug", load_registry().slugs)
def test_parameters_and_answers_stay_as_they_are(
    registry: Registry, slug: str, golden: Callable[[Path, str], None]
) -> None:
    """A type that is changed on purpose gets a new file by pytest --rewrite-golden, and a line in the changelog."""
    kind = registry.get(slug)
    frozen: list[dict[str, Any]] = []
    for level in LEVELS:
        record = instance_record(make_instance(kind, f"golden/1/{slug}", level))
        answers = {part["id"]: part["answer"] and part["answer"]["exact"] for part in record["parts"]}
        frozen.append({"key": record["key"], "level": level, "parameters": record["parameters"], "answers": answers})
    golden(GOLDEN / f"{slug}.json", json_text(frozen))
