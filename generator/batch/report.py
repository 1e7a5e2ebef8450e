"""The page report.md: how much work each variant is, before and after matching, and how different the variants are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from statistics import fmean, median
from typing import Any

from generator.batch.matching import spread

REPORT = "report.md"

Record = Mapping[str, Any]


def effort_report(manifest: Record) -> bytes:
    """The report on the variants that a manifest lists, as Markdown."""
    variants = manifest["variants"]
    allowed = float(Fraction(manifest["effort_spread"]))
    heading = (
        f"Seed {manifest['seed']}, {counted(len(variants), 'variant')}. The unit of effort is the addition of two "
        "one-digit numbers; operations, digits, lines of working and words to read are counted."
    )
    spreads = (
        "The spread is the largest distance from the median, as a share of the median; the exam allows "
        f"{_percent(allowed)}."
    )
    legend = (
        "Candidates: how many were drawn for a variant, on average. Instances: how many different ones there are "
        "at least (95 % confidence); no two variants share one, unless there is only one."
    )
    blocks = (
        f"# Effort: {manifest['title']}",
        heading,
        _table(
            ("", "least", "median", "most", "spread"),
            (
                _totals("first draws, before matching", [_first(variant) for variant in variants]),
                _totals("as built", [variant["effort"] for variant in variants]),
            ),
        ),
        spreads,
        "## Questions",
        _table(
            ("question", "exercise", "level", "target", "as built", "before", "candidates", "branches", "instances"),
            (_question(target, _of(target, variants)) for target in manifest["targets"]),
        ),
        legend,
        "## Variants",
        _variants(manifest["targets"], variants),
    )
    return ("\n\n".join(blocks) + "\n").encode()


def counted(number: int, noun: str) -> str:
    """A number of things: ``1 variant``, ``2 variants``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _first(variant: Record) -> int:
    return sum(question["first_effort"] for question in variant["questions"])


def _of(target: Record, variants: Iterable[Record]) -> list[Record]:
    """A question as the variants have it."""
    questions = (question for variant in variants for question in variant["questions"])
    return [question for question in questions if question["id"] == target["question"]]


def _totals(name: str, efforts: Sequence[int]) -> tuple[str, ...]:
    return name, str(min(efforts)), f"{median(efforts):g}", str(max(efforts)), _percent(spread(efforts))


def _question(target: Record, found: Sequence[Record]) -> tuple[str, ...]:
    different = max(target["distinct"], len({question["instance"] for question in found}))
    return (
        target["question"],
        target["exercise"],
        target["level"],
        str(target["effort"]),
        _range([question["weighted_effort"] for question in found]),
        _range([question["first_effort"] for question in found]),
        f"{fmean(question['candidate'] for question in found):.1f}" if found else "–",
        target["pattern"] or "–",
        "one, the same for all" if target["single"] else str(different),
    )


def _variants(targets: Iterable[Record], variants: Sequence[Record]) -> str:
    names = [target["question"] for target in targets]
    middle = median(variant["effort"] for variant in variants)
    rows = []
    for variant in variants:
        efforts = {question["id"]: str(question["weighted_effort"]) for question in variant["questions"]}
        off = f"{100 * (variant['effort'] - middle) / middle:+.1f} %"
        rows.append((variant["variant"], str(variant["effort"]), off, *(efforts.get(name, "–") for name in names)))
    return _table(("variant", "effort", "off the median", *names), rows)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = (header, ["---"] * len(header), *rows)
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)


def _range(efforts: Sequence[int]) -> str:
    if not efforts:
        return "–"
    least, most = min(efforts), max(efforts)
    return str(least) if least == most else f"{least} to {most}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
