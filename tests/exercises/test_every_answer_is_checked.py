"""The second route looks at what `solve` says: no entry of any answer can be changed without a check that notices."""

import pytest

from generator.draw import LEVELS, Level
from generator.exercise import Registry, load_registry, make_instance
from generator.exercise.tampering import path_text, unnoticed

DRAWS = 12
"""Enough to see most of the branches that the types have."""


@pytest.mark.parametrize("slug", load_registry().slugs)
@pytest.mark.parametrize("level", LEVELS)
def test_every_entry_of_every_answer_is_compared(registry: Registry, slug: str, level: Level) -> None:
    instances = (make_instance(registry.get(slug), f"{seed}/1/tampering", level) for seed in range(DRAWS))
    found = {path_text(path) for one in instances for path in unnoticed(one.exercise, one.solution)}
    assert found == set()
