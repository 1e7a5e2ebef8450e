"""All question sheets, or all keys, in one file for the printer."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from generator.batch import folder
from generator.batch.plan import registry_of
from generator.batch.variant import digest
from generator.exam import Exam, Variant, resolve
from generator.sheets import make_sheets
from generator.typeset import typeset

COMBINED = ("questions", "keys")


@dataclass(frozen=True, slots=True)
class CombinedTask:
    """All question sheets, or all keys, in one file."""

    which: str
    exam: Exam
    variants: tuple[Variant, ...]
    packs: tuple[Path, ...]
    out: Path


def build_combined(task: CombinedTask) -> tuple[str, str]:
    """Write one combined file; its name and hash."""
    name = f"{task.which}.pdf"
    data = make_combined(task)
    folder.write_file(task.out, name, data)
    return name, digest(data)


def make_combined(task: CombinedTask) -> bytes:
    """All question sheets, or all keys, one after the other as one PDF."""
    registry = registry_of(task.packs)
    pairs = (make_sheets(task.exam, variant, resolve(task.exam, registry, variant)) for variant in task.variants)
    stream = BytesIO()
    typeset([pair.questions if task.which == "questions" else pair.key for pair in pairs], stream)
    return stream.getvalue()
