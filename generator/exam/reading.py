"""Reads exam.toml: first its form, then everything it names against the exercise types."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path as FilePath
from typing import cast

from generator.draw import LEVELS, Level
from generator.exam.error import ExamFileError
from generator.exam.locate import Path, places
from generator.exam.model import EFFORT_SPREAD, Exam, Paper, QuestionSpec, SectionSpec
from generator.exam.table import Source, TableReader

LANGUAGES = ("en",)
"""The languages in which the sheets' own words exist."""

HEAD_KEYS = (
    "title",
    "course",
    "date",
    "minutes",
    "aids",
    "instructions",
    "paper",
    "level",
    "seed",
    "language",
    "effort_spread",
    "section",
)
SECTION_KEYS = ("title", "question")
QUESTION_KEYS = ("id", "exercise", "pool", "pick", "points", "parts", "level", "set", "page_break")
LARGEST_FILE = 250_000
LONGEST_LINE = 25_000
MOST_DOTS = 500
"""In one line: the reader of TOML takes a time that grows with the square of the names in a key such as ``a.b.c``."""

LONGEST_NUMBER = 300
MOST_QUESTIONS = 200
LARGEST_SEED = 10**18
SMALLEST_SPREAD, LARGEST_SPREAD = Fraction(1, 100), 10
_LONG_NUMBER = re.compile(rf"[0-9][0-9_]{{{LONGEST_NUMBER}}}|0x[0-9A-Fa-f_]{{{LONGEST_NUMBER}}}")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def read_text(path: FilePath) -> str:
    """The text of an exam file, line ends as newlines. Raises ExamFileError where it cannot be read."""
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise ExamFileError(str(path), 0, "", f"cannot be read: {problem.strerror}") from problem
    if len(data) > LARGEST_FILE:
        raise ExamFileError(str(path), 0, "", f"is larger than {LARGEST_FILE // 1000} kB; is it an exam file?")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        raise ExamFileError(str(path), line, "", "is not UTF-8 text; save the file as UTF-8") from problem


def parse_exam(text: str, file: str, seed: int | None = None) -> Exam:
    """Read the form of an exam file; ``file`` is its name in messages, ``seed`` replaces the file's own.

    Raises ExamFileError. Whether exercises, parts and pinned values exist is for `check_exam` to find out.
    """
    _refuse_endless(text, file)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise _syntax(file, str(problem)) from problem
    except RecursionError as problem:
        raise ExamFileError(file, 0, "", "its values are nested too deeply") from problem
    head = TableReader(Source(file, places(text)), (), data, HEAD_KEYS)
    found_seed = head.whole("seed", 0, LARGEST_SEED) if seed is None else seed
    if found_seed is None:
        head.missing("seed", "a whole number such as 2026 (or give --seed)")
    level = head.one_of("level", "level", LEVELS, "medium")
    return Exam(
        title=head.text("title", required=True),
        course=head.text("course"),
        date=head.date("date"),
        minutes=head.whole("minutes", 1, 1440),
        aids=head.text("aids"),
        instructions=head.text("instructions", prose=True),
        paper=cast("Paper", head.one_of("paper", "paper", ("a4", "letter"), "a4")),
        language=_language(head),
        seed=found_seed,
        sections=_sections(head, cast("Level", level)),
        text=text,
        effort_spread=head.share("effort_spread", SMALLEST_SPREAD, LARGEST_SPREAD, EFFORT_SPREAD),
    )


def _refuse_endless(text: str, file: str) -> None:
    """Refuse what would take the reader of TOML a long time, and what no exam has."""
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > LONGEST_LINE:
            raise ExamFileError(file, number, "", f"is longer than {LONGEST_LINE} characters; divide the line")
        if line.count(".") > MOST_DOTS:
            raise ExamFileError(file, number, "", f"has more than {MOST_DOTS} dots in one line; divide the line")
        if _LONG_NUMBER.search(line):
            raise ExamFileError(file, number, "", f"has a number with more than {LONGEST_NUMBER} digits")


def _syntax(file: str, message: str) -> ExamFileError:
    found = re.fullmatch(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", message, re.DOTALL)
    if found is None:
        return ExamFileError(file, 0, "", f"not TOML: {message}")
    column = f" (column {found[3]})" if found[3] else " at the end of the file"
    return ExamFileError(file, int(found[2] or 0), "", f"not TOML: {found[1][:1].lower()}{found[1][1:]}{column}")


def _language(head: TableReader) -> str:
    tag = head.text("language") or "en"
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", tag):
        head.refuse("language", f"expected a language tag such as 'en' or 'en-GB', got {tag!r}")
    if tag.split("-")[0].lower() not in LANGUAGES:
        head.refuse(
            "language", f"there are no words in the language {tag!r} yet; choose one of: {', '.join(LANGUAGES)}"
        )
    return tag


def _sections(head: TableReader, level: Level) -> tuple[SectionSpec, ...]:
    sections = []
    for place, data in enumerate(head.tables("section", "[[section]]")):
        section = TableReader(head.source, ("section", place), data, SECTION_KEYS)
        questions = tuple(
            _question(TableReader(head.source, (*section.path, "question", number), entry, QUESTION_KEYS), level)
            for number, entry in enumerate(section.tables("question", "[[section.question]]"))
        )
        sections.append(SectionSpec(section.text("title"), questions))
    if sum(len(section.questions) for section in sections) > MOST_QUESTIONS:
        head.refuse("section", f"expected at most {MOST_QUESTIONS} questions in all")
    return _with_ids(head.source, sections)


def _question(table: TableReader, level: Level) -> QuestionSpec:
    exercises = _exercises(table)
    own_id = table.text("id")
    if "id" in table.data and not _ID.fullmatch(own_id):
        table.refuse("id", f"expected letters, digits, '-' and '_', starting with a letter or digit, got {own_id!r}")
    return QuestionSpec(
        id=own_id,
        exercises=exercises,
        level=cast("Level", table.one_of("level", "level", LEVELS, level)),
        pick=_pick(table, exercises),
        points=table.points("points"),
        parts=table.names("parts", 'a list of parts such as ["a", "b"]'),
        pins=table.table("set"),
        page_break=table.flag("page_break"),
    )


def _exercises(table: TableReader) -> tuple[str, ...]:
    if "exercise" in table.data and "pool" in table.data:
        table.refuse("pool", "expected either 'exercise' or 'pool', not both")
    if "pool" in table.data:
        return table.names("pool", 'a list of exercises such as ["convolution/conv2d"]') or ()
    if "exercise" not in table.data:
        table.missing("exercise", "an exercise such as 'convolution/conv2d', or a 'pool' of them")
    return (table.text("exercise", required=True),)


def _pick(table: TableReader, exercises: Sequence[str]) -> int:
    if "pick" in table.data and "pool" not in table.data:
        table.refuse("pick", "goes with 'pool', not with 'exercise'")
    if "pool" in table.data and "pick" not in table.data:
        table.missing("pick", f"how many of the {len(exercises)} exercises in the pool each variant gets")
    return table.whole("pick", 1, len(exercises)) or 1


def _with_ids(source: Source, sections: Sequence[SectionSpec]) -> tuple[SectionSpec, ...]:
    """Give every question without an id one made of its slugs, which does not depend on where it stands."""
    seen: dict[str, int] = {}
    named = []
    for place, section in enumerate(sections):
        questions = []
        for number, question in enumerate(section.questions):
            path: Path = ("section", place, "question", number)
            slugs = "+".join(sorted(question.exercises))
            if question.id:
                # Files on some systems, and people, do not tell capitals from small letters.
                if (folded := question.id.casefold()) in seen:
                    source.refuse((*path, "id"), f"the id {question.id!r} is taken by an earlier question")
                seen[folded] = 1
                questions.append(question)
            else:
                seen[slugs] = seen.get(slugs, 0) + 1
                suffix = f"#{seen[slugs]}" if seen[slugs] > 1 else ""
                questions.append(replace(question, id=slugs + suffix))
        named.append(replace(section, questions=tuple(questions)))
    return tuple(named)
