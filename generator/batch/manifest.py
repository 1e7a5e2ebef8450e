"""The form of manifest.json, checked when it is read: what was written long ago, or by hand, is not trusted."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import shorten
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from generator.batch.error import FolderError

MANIFEST = "manifest.json"
SCHEMA = "examwright/manifest/1"

Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Points = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,9}(/[1-9][0-9]{0,8})?$")]
Share = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,20}(/[1-9][0-9]{0,19})?$")]
Label = Annotated[str, StringConstraints(pattern=r"^[^/\\:\x00-\x1f]{1,100}$")]
"""What files are named after: nothing outside the output folder can be named."""
OfAll = Literal["answers.csv", "report.md", "questions.pdf", "keys.pdf"]
Effort = Annotated[int, Field(ge=1, le=10**9)]
Count = Annotated[int, Field(ge=1, le=10**9)]

DEEPEST = 40
LARGEST = 10**307


def names_of(label: str, formats: tuple[str, ...]) -> tuple[str, ...]:
    """The files of a variant, by path in the output folder."""
    sheets = (f"questions/{label}.pdf", f"keys/{label}.pdf") if "pdf" in formats else ()
    records = (f"records/{label}.json",) if "json" in formats else ()
    return (*sheets, *records)


def formats_of(files: Mapping[str, str]) -> tuple[str, ...]:
    """The formats that a variant's files are in."""
    folders = {name.split("/")[0] for name in files}
    return tuple(name for name, place in (("pdf", "questions"), ("json", "records")) if place in folders)


class _Form(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


class _Student(_Form):
    id: str
    name: str


class _Answer(_Form):
    exact: Any
    decimal: Any
    tolerance: str


class _Part(_Form):
    id: str
    kind: str
    points: Points
    answer: _Answer | None
    words: str | None = None  # manifests of earlier versions have none


class _Question(_Form):
    id: str
    number: int
    exercise: str
    key: str
    candidate: Count
    instance: str
    level: Literal["easy", "medium", "hard"]
    weighted_effort: Effort
    first_effort: Effort
    parameters: dict[str, Any]
    words: str | None = None
    parts: Annotated[list[_Part], Field(min_length=1)]


class Identity(_Form):
    """What must be equal for two builds to be parts of one."""

    title: str
    seed: int
    fingerprint: str
    versions: dict[str, str]
    exercises: dict[str, str]


class Begun(Identity):
    """What is kept of a build that is not finished: whose it is, and which files it was going to write."""

    writes: list[str] = []


class Entry(_Form):
    """What is kept of one variant."""

    variant: Label
    key: str
    code: str
    student: _Student | None
    questions: Annotated[list[_Question], Field(min_length=1)]
    effort: Effort
    files: Annotated[dict[str, Hash], Field(min_length=1)]

    @model_validator(mode="after")
    def _own_files_only(self) -> Self:
        own = names_of(self.variant, formats_of(self.files))
        if strangers := sorted(self.files.keys() ^ set(own)):
            raise ValueError(f"the files are not those of variant {self.variant}: {strangers[0]}")
        return self


class _Target(_Form):
    question: str
    exercise: str
    level: str
    effort: Effort
    pattern: str
    distinct: Count
    single: bool


class Manifest(Identity):
    """The whole manifest."""

    form: Annotated[Literal["examwright/manifest/1"], Field(alias="schema")]
    exam: str
    effort_spread: Share
    targets: Annotated[list[_Target], Field(min_length=1)]
    variants: Annotated[list[Entry], Field(min_length=1)]
    files: dict[OfAll, Hash]

    @model_validator(mode="after")
    def _each_variant_once(self) -> Self:
        seen: set[str] = set()
        for entry in self.variants:
            if entry.variant in seen:
                raise ValueError(f"variant {entry.variant} is listed twice")
            seen.add(entry.variant)
        return self


def read_form(path: Path, form: type[BaseModel]) -> dict[str, Any]:
    """A JSON file that has the form. Raises FolderError with the first thing that is wrong, on one line."""
    try:
        data = json.loads(path.read_bytes())
    except OSError as problem:
        raise FolderError(str(path), f"cannot be read: {problem.strerror}") from problem
    except (ValueError, RecursionError) as problem:
        raise FolderError(str(path), f"is not JSON: {problem}") from problem
    if problem_found := next(_unfit(data, ()), None):
        raise FolderError(str(path), f"is not as examwright writes it: {problem_found}")
    try:
        form.model_validate(data)
    except ValidationError as problem:
        first = problem.errors()[0]
        said = first["msg"].removeprefix("Value error, ")
        text = f"{_place(first['loc'])}: {said[:1].lower()}{said[1:]}"
        raise FolderError(str(path), f"is not as examwright writes it: {_line(text)}") from problem
    found: dict[str, Any] = data
    return found


def _unfit(data: Any, place: tuple[str | int, ...]) -> Iterator[str]:
    """What no program could go on with, wherever it stands: half letters, endless numbers, endless nesting."""
    if len(place) > DEEPEST:
        yield f"{_place(place[:4])}: is nested too deeply"
    elif isinstance(data, str):
        if not data.isascii() and any("\ud800" <= letter <= "\udfff" for letter in data):
            yield f"{_place(place)}: holds half a letter, which cannot be written"
    elif isinstance(data, int):
        if abs(data) > LARGEST:
            yield f"{_place(place)}: is too large a number"
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _unfit(key, (*place, "a key"))
            yield from _unfit(value, (*place, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _unfit(value, (*place, number))


def _place(path: tuple[str | int, ...]) -> str:
    return _line(".".join(map(str, path))) or "the whole file"


def _line(text: str) -> str:
    """A text from the file on one line, whatever is in it."""
    return shorten("".join(letter if letter.isprintable() else "?" for letter in text), 300, placeholder=" …")
