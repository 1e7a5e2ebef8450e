"""Nothing that students are given has anything of the key in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import segno
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject, TextStringObject

from generator import sheets
from generator.batch import BuildPlan, build
from generator.draw import LEVELS, Level
from generator.exam import Student, numbered_variants, parse_exam, resolve, single_exam, student_variants
from generator.exercise import Instance, Registry, Slip, load_registry
from generator.notation import Value
from generator.sheets import make_sheets
from generator.typeset import typeset
from generator.wording import Worded, word

SLUGS = load_registry().slugs
SECRET = "An answer that nobody may see: $4711$."


def other(value: Value) -> Value:
    """Another value of the same form."""
    if isinstance(value, Mapping):
        return {name: other(entry) for name, entry in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(other(entry) for entry in value)
    if isinstance(value, str):
        return "B" if value == "A" else "A"
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        return value + 4711
    return value


def with_another_key(instance: Instance) -> Instance:
    """The instance with other answers, tolerances and slips; what is asked is the same."""
    parts = tuple(replace(part, answer=other(part.answer), tolerance="0.4711") for part in instance.solution.parts)
    slips = tuple(Slip(slip.part, f"secret {slip.name}", other(slip.value)) for slip in instance.slips)
    return replace(instance, solution=replace(instance.solution, parts=parts), slips=slips)


def with_another_solution(words: Worded) -> Worded:
    parts = tuple(replace(part, solution=SECRET) for part in words.parts)
    return replace(words, parts=parts, solution_opening=SECRET)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("slug", SLUGS)
def test_the_question_sheet_does_not_depend_on_the_key(
    registry: Registry, slug: str, level: Level, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With all answers, slips and solutions replaced, the question sheet is the same to the last block."""
    exam = single_exam(registry.get(slug), level, 3)
    (variant,) = numbered_variants(exam, 1)
    (entry,) = resolve(exam, registry, variant)
    before = make_sheets(exam, variant, [entry])
    changed = replace(entry, instance=with_another_key(entry.instance))

    def worded(instance: Instance, points: Any, parts: Any) -> Worded:
        # The question is worded from the changed key too: its template must not show an answer by mistake.
        return with_another_solution(word(instance, points, parts))

    monkeypatch.setattr(sheets, "word", worded)
    after = make_sheets(exam, variant, [changed])
    assert after.key != before.key
    assert after.questions == before.questions


EXAM = parse_exam(
    """
title = "Midterm"
course = "ML"
seed = 11
[[section]]
[[section.question]]
exercise = "convolution/conv2d"
[[section.question]]
exercise = "differentiation/network-backprop"
[[section.question]]
exercise = "regression/ridge-regression"
""",
    "x",
)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("secrecy")
    students = [Student("17", "Anna"), Student("18", "B\u00e9la")]
    build(BuildPlan(EXAM, student_variants(EXAM, students), folder, ("pdf", "json"), combined=True))
    return folder


def squeezed(text: str) -> str:
    """Letters and digits alone, so that line ends and hyphens make no difference."""
    return re.sub(r"[\W_]+", "", text).lower()


@cache
def text_of(path: Path) -> str:
    return squeezed("".join(page.extract_text() for page in PdfReader(path).pages))


def secrets(out: Path, label: str) -> set[str]:
    """Stretches of words that the key has and the question does not."""
    records = json.loads((out / "records" / f"{label}.json").read_text(encoding="utf-8"))["questions"]
    asked = squeezed("".join(record["question"] for record in records))
    texts = [part["solution"] for record in records for part in record["parts"]]
    texts += [slip["name"] for record in records for part in record["parts"] for slip in part["slips"]]
    stretches = (piece for text in texts for piece in re.split(r"\$+[^$]*\$+|\n|\[[^\]]*\]\(#mark\)|[.:;>*]", text))
    found = {squeezed(piece) for piece in stretches if len(piece.split()) >= 3}
    return {secret for secret in found if len(secret) >= 12 and secret not in asked} | {"answerkey", "wrongmethod"}


@pytest.mark.parametrize("label", ["17", "18"])
def test_the_words_of_the_key_are_in_the_key_only(out: Path, label: str) -> None:
    wanted = secrets(out, label)
    key, questions = text_of(out / "keys" / f"{label}.pdf"), text_of(out / "questions" / f"{label}.pdf")
    assert sum(secret in key for secret in wanted) >= 0.9 * len(wanted) >= 20
    assert [secret for secret in sorted(wanted) if secret in questions] == []
    assert [secret for secret in sorted(wanted) if secret in text_of(out / "questions.pdf")] == []


def objects(reader: PdfReader) -> Iterator[Any]:
    """Every object of a file, however deep."""
    seen: set[int] = set()

    def inside(thing: Any) -> Iterator[Any]:
        if isinstance(thing, IndirectObject):
            if thing.idnum in seen:
                return
            seen.add(thing.idnum)
            thing = thing.get_object()
        yield thing
        if isinstance(thing, DictionaryObject):
            for name in thing:
                yield from inside(thing.raw_get(name))
        elif isinstance(thing, ArrayObject):
            for place in range(len(thing)):
                yield from inside(list.__getitem__(thing, place))

    yield from inside(reader.trailer)
    for number in reader.xref[0]:
        yield from inside(IndirectObject(number, 0, reader))


@pytest.mark.parametrize("name", ["questions/17.pdf", "questions/18.pdf", "questions.pdf"])
def test_a_question_sheet_has_nowhere_to_hide_anything(out: Path, name: str) -> None:
    reader = PdfReader(out / name)
    found = list(objects(reader))
    dictionaries = [thing for thing in found if isinstance(thing, DictionaryObject)]
    keys = {key for thing in dictionaries for key in thing}
    hiding = {"/EmbeddedFiles", "/AF", "/FileAttachment", "/JavaScript", "/JS", "/OpenAction", "/AA", "/AcroForm"}
    hiding |= {"/Metadata", "/OCProperties", "/PieceInfo", "/Alt", "/ActualText", "/Names", "/Annots"}
    assert keys & hiding == set()
    assert not reader.attachments
    assert not [thing for thing in dictionaries if thing.get("/Subtype") in ("/Image", "/Form", "/Popup", "/Text")]
    # Every stream is a page, a font or a font's table of letters: there are no others.
    streams = {id(thing) for thing in dictionaries if isinstance(thing, StreamObject)}
    known = [page.get_contents() for page in reader.pages]
    pages = sum(content is not None for content in known)
    fonts = [thing for thing in dictionaries if thing.get("/Type") == "/Font"]
    faces: list[Any] = [font["/FontDescriptor"] for font in fonts if "/FontDescriptor" in font]
    files = {face.raw_get("/FontFile2").idnum for face in faces}
    maps = {font.raw_get("/ToUnicode").idnum for font in fonts if "/ToUnicode" in font}
    assert len(streams) == pages + len(files) + len(maps)
    # What is not drawn, such as title, subject and keywords, says no more than the head of the sheet.
    strings = squeezed(" ".join(str(thing) for thing in found if isinstance(thing, TextStringObject)))
    for label in ("17", "18"):
        assert not [secret for secret in secrets(out, label) if secret in strings]


def test_metadata_and_file_names_say_what_the_sheet_says(out: Path, registry: Registry) -> None:
    reader = PdfReader(out / "questions" / "17.pdf")
    code = student_variants(EXAM, [Student("17", "Anna")])[0].code
    metadata: Any = reader.metadata
    known = {"/Title": f"ML · Midterm – {code}", "/Subject": f"Midterm, variant {code}", "/Author": "ML"}
    assert {name: metadata[name] for name in known} == known
    assert metadata["/Keywords"] == ""
    assert sorted(path.name for path in (out / "questions").iterdir()) == ["17.pdf", "18.pdf"]


def test_the_qr_code_holds_the_code_alone(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    coded: list[str] = []
    make_qr = segno.make_qr

    def recording(content: str, **options: Any) -> Any:
        coded.append(content)
        return make_qr(content, **options)

    monkeypatch.setattr(segno, "make_qr", recording)
    (variant,) = numbered_variants(EXAM, 1)
    # Codes are kept once they were made: this one is new.
    variant = replace(variant, code="XXYY34")
    typeset([make_sheets(EXAM, variant, resolve(EXAM, registry, variant)).questions], BytesIO())
    assert set(coded) == {"XXYY34"}
