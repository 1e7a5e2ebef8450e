"""The questions of one variant: pools chosen, instances drawn, everything numbered."""

from __future__ import annotations

from fractions import Fraction

from generator.draw import Draw
from generator.exam.model import Exam, QuestionSpec, ResolvedQuestion, Variant
from generator.exercise import Registry, make_instance


def resolve(exam: Exam, registry: Registry, variant: Variant) -> tuple[ResolvedQuestion, ...]:
    """Draw every question of a variant.

    Each has a stream of its own, keyed by exam seed, variant and question id, so that neither another question nor
    another variant changes it. Raises what `make_instance` raises.
    """
    resolved: list[ResolvedQuestion] = []
    for place, section in enumerate(exam.sections):
        for spec in section.questions:
            for slug in chosen(exam, spec, variant):
                resolved.append(_resolved(exam, registry, variant, place, len(resolved) + 1, spec, slug))
    return tuple(resolved)


def chosen(exam: Exam, spec: QuestionSpec, variant: Variant) -> tuple[str, ...]:
    """The exercises that a variant gets for a question, in the order in which the pool names them."""
    if not spec.is_pool:
        return spec.exercises
    # A rank per exercise, not one shuffle: an exercise added to the pool changes only the variants that get it.
    ranks = {slug: _rank(f"{exam.seed}/{variant.key}/{spec.id}/pool/{slug}") for slug in spec.exercises}
    taken = sorted(ranks, key=lambda slug: (ranks[slug], slug))[: spec.pick]
    return tuple(slug for slug in spec.exercises if slug in taken)


def _rank(key: str) -> int:
    return Draw(key).integer(0, 2**32 - 1)


def _resolved(
    exam: Exam, registry: Registry, variant: Variant, section: int, number: int, spec: QuestionSpec, slug: str
) -> ResolvedQuestion:
    name = spec.question_id(slug)
    instance = make_instance(registry.get(slug), f"{exam.seed}/{variant.key}/{name}", spec.level, spec.pins)
    parts = instance.solution.part_ids if spec.parts is None else spec.parts
    weights = Fraction(sum(instance.solution[part].points for part in parts))
    points = weights if spec.points is None else spec.points
    return ResolvedQuestion(name, number, section, instance, points, parts, spec.page_break)
