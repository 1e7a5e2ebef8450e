from __future__ import annotations

import datetime
import re
from fractions import Fraction
from pathlib import Path

import pytest

from generator.exam import Exam, ExamFileError, parse_exam, read_exam
from generator.exercise import Registry

HEAD = 'title = "T"\nseed = 7\n'
CONV = '[[section]]\n[[section.question]]\nexercise = "convolution/conv2d"\n'


def read(tmp_path: Path, registry: Registry, text: str | bytes) -> Exam:
    path = tmp_path / "exam.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_exam(path, registry)[0]


def test_a_full_exam_is_read(tmp_path: Path, registry: Registry) -> None:
    text = (
        'title = "Midterm"\ncourse = "ML"\ndate = 2026-12-04\nminutes = 90\naids = "none"\ninstructions = "Do *it*."\n'
        'paper = "letter"\nlevel = "easy"\nseed = 3\nlanguage = "en-GB"\n'
        '[[section]]\ntitle = "S"\n'
        '[[section.question]]\nid = "c"\nexercise = "convolution/conv2d"\npoints = 4.5\nparts = ["b"]\nlevel = "hard"\n'
        "page_break = true\nset = { bias = 2 }\n"
        '[[section.question]]\npool = ["convolution/conv2d", "convolution/receptive-field"]\npick = 1\npoints = 8\n'
    )
    exam = read(tmp_path, registry, text)
    assert (exam.title, exam.course, exam.minutes, exam.aids) == ("Midterm", "ML", 90, "none")
    assert (exam.date, exam.paper, exam.language, exam.seed) == (datetime.date(2026, 12, 4), "letter", "en-GB", 3)
    first, second = exam.questions
    assert (first.id, first.exercises, first.level, first.page_break) == ("c", ("convolution/conv2d",), "hard", True)
    assert first.points == Fraction(9, 2)
    assert (first.parts, dict(first.pins)) == (("b",), {"bias": 2})
    assert (second.pick, second.level, second.is_pool) == (1, "easy", True)
    assert second.points == 8
    assert exam.text == text


def test_line_ends_and_byte_order_mark_change_nothing(tmp_path: Path, registry: Registry) -> None:
    plain = read(tmp_path, registry, HEAD + CONV)
    windows = read(tmp_path, registry, b"\xef\xbb\xbf" + (HEAD + CONV).replace("\n", "\r\n").encode())
    assert plain == windows


def test_the_effort_spread_is_the_decimal_that_was_written() -> None:
    assert parse_exam(HEAD + CONV, "x").effort_spread == Fraction(1, 10)
    assert parse_exam(f"effort_spread = 0.07\n{HEAD}{CONV}", "x").effort_spread == Fraction(7, 100)


@pytest.mark.parametrize("value", ["0", "-1", "11", "true", '"10 %"', "nan", "inf"])
def test_an_effort_spread_that_is_no_share_is_refused(value: str) -> None:
    with pytest.raises(ExamFileError, match=r"x, line 1: effort_spread: expected a share from 0\.01 to 10"):
        parse_exam(f"effort_spread = {value}\n{HEAD}{CONV}", "x")


def test_the_seed_can_be_given_from_outside() -> None:
    assert parse_exam('title = "T"\n' + CONV, "x.toml", 12).seed == 12
    assert parse_exam(HEAD + CONV, "x.toml", 12).seed == 12


def test_ids_made_from_slugs_do_not_depend_on_place() -> None:
    def ids(*questions: str) -> list[str]:
        text = HEAD + "[[section]]\n" + "".join(f"[[section.question]]\n{question}\n" for question in questions)
        return [question.id for question in parse_exam(text, "x").questions]

    conv, field, pool = 'exercise = "a/conv"', 'exercise = "a/field"', 'pool = ["b/y", "b/x"]\npick = 1'
    assert ids(conv, field, pool) == ["a/conv", "a/field", "b/x+b/y"]
    assert ids(pool, field, conv) == ["b/x+b/y", "a/field", "a/conv"]
    assert ids(conv, conv) == ["a/conv", "a/conv#2"]
    assert ids(f'{conv}\nid = "own"', conv) == ["own", "a/conv"]


Q = HEAD + "[[section]]\n[[section.question]]\n"
C = HEAD + CONV
BAD: list[tuple[str, str, int, str]] = [
    ("misspelt key in the head", 'titel = "T"\n' + CONV, 1, "no key 'titel'; did you mean 'title'?"),
    ("misspelt key of a section", HEAD + '[[section]]\ntilte = "x"\n', 4, "no key 'tilte'; did you mean 'title'?"),
    ("misspelt key of a question", C + "pionts = 3\n", 6, "no key 'pionts'; did you mean 'points'?"),
    ("no title", "seed = 1\n" + CONV, 1, "title: is missing"),
    ("empty title", 'seed = 1\ntitle = " "\n' + CONV, 2, "title: expected a text that is not empty"),
    ("title of another type", "seed = 1\ntitle = 3\n" + CONV, 2, "title: expected a text in quotes, got 3"),
    ("title on two lines", 'seed = 1\ntitle = "a\\nb"\n' + CONV, 2, "title: expected a text on one line"),
    ("no seed", 'title = "T"\n' + CONV, 1, "seed: is missing"),
    ("seed of another type", 'title = "T"\nseed = "x"\n' + CONV, 2, "seed: expected a whole number"),
    ("seed is a truth value", 'title = "T"\nseed = true\n' + CONV, 2, "seed: expected a whole number"),
    ("date in quotes", HEAD + 'date = "2026-12-04"\n' + CONV, 3, "date: expected a date without quotes"),
    ("date with a time", HEAD + "date = 2026-12-04T10:00:00\n" + CONV, 3, "date: expected a date without quotes"),
    ("day that does not exist", HEAD + "date = 2026-02-30\n" + CONV, 3, "not TOML"),
    ("minutes of zero", HEAD + "minutes = 0\n" + CONV, 3, "minutes: expected a whole number from 1 to 1440, got 0"),
    ("minutes as a text", HEAD + 'minutes = "90"\n' + CONV, 3, "minutes: expected a whole number"),
    ("paper", HEAD + 'paper = "A4"\n' + CONV, 3, "paper: there is no paper 'A4'; did you mean 'a4'?"),
    ("level", HEAD + 'level = "mediun"\n' + CONV, 3, "level: there is no level 'mediun'; did you mean 'medium'?"),
    ("language", HEAD + 'language = "english!"\n' + CONV, 3, "language: expected a language tag"),
    (
        "language without words",
        HEAD + 'language = "tlh"\n' + CONV,
        3,
        "language: there are no words in the language 'tlh'",
    ),
    ("instructions", HEAD + 'instructions = "see [this](http://x)"\n' + CONV, 3, "instructions: line 1"),
    ("no section", HEAD, 1, "section: is missing"),
    ("section of another type", HEAD + "section = 3\n", 3, "section: expected tables"),
    ("no question", HEAD + '[[section]]\ntitle = "x"\n', 3, "question: is missing"),
    ("no exercise", Q + "points = 2\n", 4, "exercise: is missing"),
    ("exercise and pool", C + 'pool = ["a/b"]\npick = 1\n', 6, "pool: expected either"),
    ("pick without pool", C + "pick = 1\n", 6, "pick: goes with 'pool'"),
    ("pool without pick", Q + 'pool = ["a/b", "a/c"]\n', 4, "pick: is missing"),
    ("pick too many", Q + 'pool = ["a/b"]\npick = 2\n', 6, "pick: expected a whole number from 1 to 1"),
    ("pool twice", Q + 'pool = ["a/b", "a/b"]\npick = 1\n', 5, "pool: 'a/b' is in the list twice"),
    ("empty pool", Q + "pool = []\npick = 1\n", 5, "pool: expected a list"),
    ("slug", Q + 'exercise = "convolution/conv2"\n', 5, "did you mean 'convolution/conv2d'?"),
    ("slug in a pool", Q + 'pool = [\n"convolution/conv2d", "x/y"]\npick = 1\n', 5, "no exercise 'x/y'"),
    ("slug in a pool of one", Q + 'points = 1\npool = ["x/y"]\npick = 1\n', 6, "pool: there is no exercise 'x/y'"),
    ("slug of an exercise", Q + 'points = 1\nexercise = "x/y"\n', 6, "exercise: there is no exercise 'x/y'"),
    ("points of zero", C + "points = 0\n", 6, "points: expected a number of points above 0"),
    ("negative points", C + "points = -3\n", 6, "points: expected a number of points above 0"),
    ("odd points", C + "points = 0.3\n", 6, "points: expected a number of points"),
    ("points as a text", C + 'points = "3"\n', 6, "points: expected a number of points"),
    ("points not a number", C + "points = nan\n", 6, "points: expected a number of points"),
    ("endless points", C + "points = inf\n", 6, "points: expected a number of points"),
    (
        "part",
        C + 'parts = ["a", "z"]\n',
        6,
        "parts: convolution/conv2d (level medium): there is no part 'z'; choose one of: a, b, c",
    ),
    ("part twice", C + 'parts = ["a", "a"]\n', 6, "parts: 'a' is in the list twice"),
    ("no parts", C + "parts = []\n", 6, "parts: expected a list"),
    ("parts as a text", C + 'parts = "a"\n', 6, "parts: expected a list"),
    ("level of a question", C + 'level = "heard"\n', 6, "level: there is no level 'heard'; did you mean 'hard'?"),
    ("parameter", C + "set = { kernal = [[1]] }\n", 6, "there is no parameter 'kernal'; did you mean 'kernel'?"),
    (
        "pinned type",
        C + "[section.question.set]\nbias = 1\nkernel = 3\n",
        8,
        "pinned parameter 'kernel': expected a list, got 3",
    ),
    (
        "pinned shape",
        C + "set.kernel = [[1, 2], [3]]\n",
        6,
        "pinned parameter 'kernel': expected rows of equal length",
    ),
    ("pinned range", C + "set.bias = 99\n", 6, "pinned parameter 'bias': expected a number from -20 to 20"),
    (
        "pinned impossibility",
        C + "set = { input = [[1]], kernel = [[1, 2], [3, 4]] }\n",
        6,
        "this condition is not met",
    ),
    ("set of another type", C + "set = 3\n", 6, "set: expected a table"),
    ("a truth value for a list", C + "set.kernel = true\n", 6, "'kernel': expected a list, got true"),
    ("a date for a list", C + "set.kernel = 2026-01-01\n", 6, "'kernel': expected a list, got 2026-01-01"),
    ("a truth value for a number", C + "set.bias = true\n", 6, "'bias': expected a number, got true"),
    ("a date among the parts", C + "parts = [2026-01-01]\n", 6, "parts: expected a list of parts such as"),
    ("page break", C + "page_break = 1\n", 6, "page_break: expected true or false, got 1"),
    ("id with a path", C + 'id = "../x"\n', 6, "id: expected letters"),
    ("empty id", C + 'id = ""\n', 6, "id: expected letters"),
    ("id twice", C + 'id = "q"\n' + CONV[12:] + 'id = "Q"\n', 9, "id: the id 'Q' is taken by an earlier question"),
    ("id of a mere number", C + "id = 3\n", 6, "id: expected a text in quotes"),
    ("not TOML", HEAD + "title\n", 3, "not TOML"),
    ("twice the same key", HEAD + "seed = 8\n", 3, "not TOML"),
    ("nested too deeply", HEAD + "x = " + "[" * 5000 + "]" * 5000 + "\n", 0, "too deeply"),
    ("not UTF-8", "", 3, "is not UTF-8"),
    (
        "two pool exercises of unlike points",
        Q + 'pool = ["convolution/conv2d", "convolution/receptive-field"]\npick = 1\n',
        4,
        "points: is missing; the exercises of the pool are worth different points",
    ),
]


@pytest.mark.parametrize(("text", "line", "message"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_a_mistake_is_told_in_one_line(tmp_path: Path, registry: Registry, text: str, line: int, message: str) -> None:
    data = text.encode() or HEAD.encode() + b'course = "M\xfcnchen"\n' + CONV.encode()
    with pytest.raises(ExamFileError) as caught:
        read(tmp_path, registry, data)
    file, _, told = str(caught.value).partition(": ")
    assert "\n" not in told
    assert message in told
    assert file == str(tmp_path / "exam.toml") + (f", line {line}" if line else "")


def test_a_file_that_is_not_there(tmp_path: Path, registry: Registry) -> None:
    with pytest.raises(ExamFileError, match=re.escape("cannot be read")):
        read_exam(tmp_path / "none.toml", registry)


def test_pinned_values_of_poor_quality_are_a_warning(tmp_path: Path, registry: Registry) -> None:
    path = tmp_path / "exam.toml"
    path.write_text(HEAD + CONV + "set = { kernel = [[1, 1], [1, 1]] }\n", encoding="utf-8")
    _, warnings = read_exam(path, registry)
    assert any("exam.toml, line 6" in text and "turned by 180 degrees" in text for text in warnings)
