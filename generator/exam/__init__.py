"""From exam.toml and a roster to a checked exam, its variants, and the drawn questions of each."""

from generator.exam.checking import check_exam, read_exam
from generator.exam.error import ExamFileError, RosterError
from generator.exam.model import (
    Exam,
    Paper,
    QuestionSpec,
    ResolvedQuestion,
    SectionSpec,
    Student,
    Variant,
)
from generator.exam.questions import Asked, all_asked, asked_of, candidate_key, resolve
from generator.exam.reading import parse_exam
from generator.exam.roster import read_roster
from generator.exam.single import single_exam
from generator.exam.variants import fingerprint, numbered_variants, student_variants

__all__ = [
    "Asked",
    "Exam",
    "ExamFileError",
    "Paper",
    "QuestionSpec",
    "ResolvedQuestion",
    "RosterError",
    "SectionSpec",
    "Student",
    "Variant",
    "all_asked",
    "asked_of",
    "candidate_key",
    "check_exam",
    "fingerprint",
    "numbered_variants",
    "parse_exam",
    "read_exam",
    "read_roster",
    "resolve",
    "single_exam",
    "student_variants",
]
