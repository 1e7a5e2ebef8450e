"""The variants of an exam: numbered or one per student, each with a short code for all its pages."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from generator.exam.model import Exam, Student, Variant

CODE_LENGTH = 6
ALPHABET = "346789BCDFGHJKMPQRTVWXY"
"""No vowels, so that no words come up, and no signs that are mistaken for one another in handwriting."""

MOST_VARIANTS = 50_000


def fingerprint(exam: Exam) -> str:
    """A hash of all that an exam file says, with the seed that is used."""
    return hashlib.sha256(f"{exam.seed}\0{exam.text}".encode()).hexdigest()


def numbered_variants(exam: Exam, count: int) -> tuple[Variant, ...]:
    """Variants 1 to ``count``; the files' numbers have equally many digits, two at least."""
    width = max(2, len(str(count)))
    return _with_codes(exam, [(str(number), f"{number:0{width}}", None) for number in range(1, count + 1)])


def student_variants(exam: Exam, students: Sequence[Student]) -> tuple[Variant, ...]:
    """One variant per student."""
    return _with_codes(exam, [(student.id, student.id, student) for student in students])


def _with_codes(exam: Exam, variants: Iterable[tuple[str, str, Student | None]]) -> tuple[Variant, ...]:
    print_of_exam = fingerprint(exam)
    taken: set[str] = set()
    made = []
    for key, label, student in variants:
        attempt = 0
        while (code := _code(f"{print_of_exam}/{key}/{attempt}")) in taken:
            attempt += 1
        taken.add(code)
        made.append(Variant(key, label, code, student))
    return tuple(made)


def _code(text: str) -> str:
    number = int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
    letters = []
    for _ in range(CODE_LENGTH):
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    return "".join(letters)
