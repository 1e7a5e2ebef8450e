"""The last look at the words of an instance before they are printed in any form."""

from __future__ import annotations

from generator.errors import ReplayError
from generator.exercise import Instance
from generator.replay import replay
from generator.wording import Worded


def refuse_wrong_lines(instance: Instance, words: Worded) -> None:
    """Recompute every printed equality between numbers. Raises ReplayError for the first that does not hold."""
    texts = [("the question", words.question), ("before the solution", words.solution_opening)]
    texts += [(f"part {part.id}", part.solution) for part in words.parts]
    for place, text in texts:
        for miss in replay(text).misses:
            raise ReplayError(instance.type.slug, instance.key, place, str(miss))
