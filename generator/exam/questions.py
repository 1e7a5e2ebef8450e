"""The questions of one variant: pools chosen, instances drawn, everything numbered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from generator.draw import Draw
from generator.exam.model import Exam, QuestionSpec, ResolvedQuestion, Variant
from generator.exercise import Instance, Registry, make_instance


@dataclass(frozen=True, slots=True)
class Asked:
    """A question before it is drawn: one exercise of ``spec``, in the section with the given index."""

    section: int
    spec: QuestionSpec
    slug: str

    @property
    def id(self) -> str:
        """The name of the question, which is also that of its random stream."""
        return self.spec.question_id(self.slug)

    def draw(self, registry: Registry, key: str) -> Instance:
        """An instance of the question. Raises what `make_instance` raises."""
        return make_instance(registry.get(self.slug), key, self.spec.level, self.spec.pins)

    def parts(self, instance: Instance) -> tuple[str, ...]:
        """The parts that are asked."""
        return instance.solution.part_ids if self.spec.parts is None else self.spec.parts


def resolve(exam: Exam, registry: Registry, variant: Variant) -> tuple[ResolvedQuestion, ...]:
    """Draw every question of a variant.

    Each has a stream of its own, keyed by exam seed, variant and question id, so that neither another question nor
    another variant changes it. Raises what `make_instance` raises.
    """
    return tuple(
        _resolved(exam, registry, variant, number, asked) for number, asked in enumerate(asked_of(exam, variant), 1)
    )


def asked_of(exam: Exam, variant: Variant) -> Iterator[Asked]:
    """The questions of a variant in order, those from pools chosen."""
    for place, section in enumerate(exam.sections):
        for spec in section.questions:
            for slug in chosen(exam, spec, variant):
                yield Asked(place, spec, slug)


def all_asked(exam: Exam) -> Iterator[Asked]:
    """The questions of all variants together: every exercise of every pool."""
    for place, section in enumerate(exam.sections):
        for spec in section.questions:
            for slug in spec.exercises:
                yield Asked(place, spec, slug)


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


def candidate_key(exam: Exam, variant: Variant, question: str, number: int) -> str:
    """The key of a candidate for a question of a variant, counted from 1.

    The candidates of one question of one variant have streams of their own, as questions and variants have.
    """
    first = f"{exam.seed}/{variant.key}/{question}"
    return first if number == 1 else f"{first}/candidate/{number}"


def _resolved(exam: Exam, registry: Registry, variant: Variant, number: int, asked: Asked) -> ResolvedQuestion:
    candidate = variant.candidates.get(asked.id, 1)
    instance = asked.draw(registry, candidate_key(exam, variant, asked.id, candidate))
    parts = asked.parts(instance)
    weights = Fraction(sum(instance.solution[part].points for part in parts))
    points = weights if asked.spec.points is None else asked.spec.points
    return ResolvedQuestion(asked.id, number, asked.section, instance, points, parts, asked.spec.page_break, candidate)
