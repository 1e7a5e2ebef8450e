"""Prints how much of each type's working the replay judges: `python -m tools.judged [SLUG …] [--draws N] [--list]`."""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Sequence

from generator.batch.inspection import reading_of
from generator.draw import LEVELS
from generator.exercise import ExerciseType, load_registry, make_instance
from generator.replay import Reading, replay
from generator.wording import word

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_COLUMNS = ("numeric", "judged", "definitions", "compared", "unjudged", "misses", "strays")


def readings(kind: ExerciseType, draws: int) -> list[tuple[int, Reading]]:
    """The numeric links and the reading of some draws at every level."""
    found = []
    for level in LEVELS:
        for seed in range(draws):
            instance = make_instance(kind, f"{seed}/1/judged", level)
            words = word(instance)
            solutions = (words.solution_opening, *(part.solution for part in words.parts))
            found.append((sum(replay(text).links for text in solutions), reading_of(instance, words)))
    return found


def counted(found: Sequence[tuple[int, Reading]]) -> Counter[str]:
    """All counts of some readings, and the reasons why links were not judged."""
    counts = Counter[str]()
    for links, reading in found:
        counts["numeric"] += links
        counts["judged"] += reading.judged
        counts["definitions"] += reading.definitions
        counts["compared"] += reading.compared
        counts["unjudged"] += len(reading.unjudged)
        counts["misses"] += len(reading.misses)
        counts["strays"] += len(reading.strays)
        counts.update(f"reason {unjudged.reason}" for unjudged in reading.unjudged)
    return counts


def forms(found: Sequence[tuple[int, Reading]]) -> Counter[tuple[str, str]]:
    """Every form, numbers apart, of the links that were not judged, with the reason, and of the definitions."""
    return Counter(
        (reason, _NUMBER.sub("#", str(link)))
        for _, reading in found
        for reason, link in (
            *((unjudged.reason, unjudged.link) for unjudged in reading.unjudged),
            *(("definition", link) for link in reading.said),
        )
    )


def share(counts: Counter[str]) -> float:
    """The part of the links with letters, definitions apart, that is judged or compared with numbers."""
    judged = counts["judged"] + counts["compared"]
    return judged / max(1, judged + counts["unjudged"])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("slugs", nargs="*")
    parser.add_argument("--draws", type=int, default=10, help="draws per level")
    parser.add_argument("--list", action="store_true", help="every form that is not judged, or a definition")
    given = parser.parse_args()
    registry = load_registry()
    if given.list:
        for slug in given.slugs or registry.slugs:
            for (reason, form), count in sorted(forms(readings(registry.get(slug), given.draws)).items()):
                print(f"{slug}: {count} × {reason}: {form}")
        return
    print("| exercise |", " | ".join(_COLUMNS), "| share judged | why not |")
    print("| --- |", "---: | " * (len(_COLUMNS) + 1), "--- |")
    for slug in given.slugs or registry.slugs:
        counts = counted(readings(registry.get(slug), given.draws))
        reasons = Counter({key.removeprefix("reason "): n for key, n in counts.items() if key.startswith("reason ")})
        why = "; ".join(f"{count} × {reason}" for reason, count in reasons.most_common(3))
        figures = " | ".join(str(counts[column]) for column in _COLUMNS)
        print(f"| `{slug}` | {figures} | {100 * share(counts):.0f} % | {why} |")


if __name__ == "__main__":
    main()
