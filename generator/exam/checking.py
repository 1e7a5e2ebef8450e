"""Tries all that an exam says before anything is built, so that each mistake is found with its line."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path as FilePath

from generator.errors import ExamwrightError, UnknownNameError
from generator.exam.error import ExamFileError
from generator.exam.head import check_head
from generator.exam.locate import Places, places
from generator.exam.model import Exam, QuestionSpec
from generator.exam.reading import parse_exam, read_text
from generator.exercise import Registry, make_instance
from generator.wording import word


def read_exam(path: FilePath, registry: Registry, seed: int | None = None) -> tuple[Exam, tuple[str, ...]]:
    """Read and check an exam file: the exam, and warnings about conditions of quality that pinned values break.

    Raises ExamFileError.
    """
    exam = parse_exam(read_text(path), str(path), seed)
    return exam, check_exam(exam, registry, str(path))


def check_exam(exam: Exam, registry: Registry, file: str) -> tuple[str, ...]:
    """Lay out the head; draw and word every exercise once, as the exam asks for it; returns the warnings."""
    where = places(exam.text)
    check_head(exam, file, where)
    warnings: list[str] = []
    for place, section in enumerate(exam.sections):
        for number, spec in enumerate(section.questions):
            checker = _Checker(exam, registry, file, where, ("section", place, "question", number))
            warnings += checker.check(spec)
    return tuple(warnings)


class _Checker:
    """The checks of one question."""

    def __init__(self, exam: Exam, registry: Registry, file: str, where: Places, path: tuple[str | int, ...]) -> None:
        self.exam, self.registry, self.file, self.where, self.path = exam, registry, file, where, path

    def check(self, spec: QuestionSpec) -> list[str]:
        warnings: list[str] = []
        worths: dict[Fraction, str] = {}
        for slug in spec.exercises:
            worth, waived = self._trial(spec, slug)
            worths.setdefault(worth, slug)
            line = self.where.line((*self.path, "set"))
            warnings += [
                f"{self.file}, line {line}: {slug}: the pinned values break this: {text}"
                for text in dict.fromkeys(waived)
            ]
        if len(worths) > 1:
            values = ", ".join(f"{slug}: {worth}" for worth, slug in worths.items())
            problem = f"is missing; the exercises of the pool are worth different points ({values})"
            raise self._error("points", problem)
        return warnings

    def _trial(self, spec: QuestionSpec, slug: str) -> tuple[Fraction, tuple[str, ...]]:
        try:
            kind = self.registry.get(slug)
        except UnknownNameError as problem:
            raise self._error(self._naming_key(spec), str(problem)) from problem
        try:
            instance = make_instance(kind, f"{self.exam.seed}/trial/{spec.question_id(slug)}", spec.level, spec.pins)
        except ExamwrightError as problem:
            pinned = next((name for name in spec.pins if repr(name) in str(problem)), "")
            raise self._error("set", str(problem), pinned) from problem
        for part in spec.parts or ():
            if part not in instance.solution.part_ids:
                valid = instance.solution.part_ids
                at_level = f"{slug} (level {spec.level})"
                raise self._error("parts", str(UnknownNameError(at_level, "part", part, valid)))
        try:
            worded = word(instance, spec.points, spec.parts)
        except ExamwrightError as problem:
            raise self._error(self._naming_key(spec), str(problem)) from problem
        return worded.points, instance.waived

    def _naming_key(self, spec: QuestionSpec) -> str:
        """The key that names the exercises; a pool may have only one."""
        return "pool" if spec.is_pool or (*self.path, "pool") in self.where.lines else "exercise"

    def _error(self, key: str, problem: str, inside: str = "") -> ExamFileError:
        return ExamFileError(self.file, self.where.line((*self.path, key, *filter(None, [inside]))), key, problem)
