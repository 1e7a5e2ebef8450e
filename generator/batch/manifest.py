"""The form of manifest.json, checked when it is read: what was written long ago, or by hand, is not trusted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from generator.batch.error import FolderError

MANIFEST = "manifest.json"
SCHEMA = "examwright/manifest/1"

Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Points = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,9}(/[1-9][0-9]{0,8})?$")]
Share = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,20}(/[1-9][0-9]{0,19})?$")]
# Nothing outside the output folder can be named.
OfVariant = Annotated[str, StringConstraints(pattern=r"^(questions|keys|records)/[^/\\:]+\.(pdf|json)$")]
OfAll = Annotated[str, StringConstraints(pattern=r"^[a-z]+\.(pdf|csv|md)$")]


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


class _Question(_Form):
    id: str
    number: int
    exercise: str
    key: str
    candidate: Annotated[int, Field(ge=1)]
    instance: str
    level: Literal["easy", "medium", "hard"]
    weighted_effort: Annotated[int, Field(ge=1)]
    first_effort: Annotated[int, Field(ge=1)]
    parameters: dict[str, Any]
    parts: Annotated[list[_Part], Field(min_length=1)]


class Identity(_Form):
    """What must be equal for two builds to be parts of one."""

    title: str
    seed: int
    fingerprint: str
    versions: dict[str, str]
    exercises: dict[str, str]


class Entry(_Form):
    """What is kept of one variant."""

    variant: str
    key: str
    code: str
    student: _Student | None
    questions: Annotated[list[_Question], Field(min_length=1)]
    effort: int
    files: dict[OfVariant, Hash]


class _Target(_Form):
    question: str
    exercise: str
    level: str
    effort: Annotated[int, Field(ge=1)]
    pattern: str
    distinct: int
    single: bool


class Manifest(Identity):
    """The whole manifest."""

    form: Annotated[Literal["examwright/manifest/1"], Field(alias="schema")]
    exam: str
    effort_spread: Share
    targets: Annotated[list[_Target], Field(min_length=1)]
    variants: Annotated[list[Entry], Field(min_length=1)]
    files: dict[OfAll, Hash]


def read_form(path: Path, form: type[BaseModel]) -> dict[str, Any]:
    """A JSON file that has the form. Raises FolderError with the first thing that is wrong."""
    try:
        data = json.loads(path.read_bytes())
        form.model_validate(data)
    except OSError as problem:
        raise FolderError(str(path), f"cannot be read: {problem.strerror}") from problem
    except ValidationError as problem:
        first = problem.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the whole file"
        raise FolderError(str(path), f"is not as examwright writes it: {place}: {first['msg'].lower()}") from problem
    except (ValueError, RecursionError) as problem:
        raise FolderError(str(path), f"is not JSON: {problem}") from problem
    found: dict[str, Any] = data
    return found
