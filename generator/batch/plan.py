"""What is to be built, and what makes two builds the same."""

from __future__ import annotations

import platform
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from generator.batch.code import code_version
from generator.exam import Exam, Variant, fingerprint
from generator.exercise import Registry, load_registry

FORMATS = ("pdf", "json")
LIBRARIES = ("examwright", "fonttools", "jinja2", "markdown-it-py", "numpy", "reportlab", "segno", "sympy")
"""What the bytes of a sheet depend on, beside Python, zlib and the code itself."""

CODE = "code"
"""The name of the hash of all code and templates among the versions."""


@dataclass(frozen=True, slots=True)
class BuildPlan:
    """An exam, its variants, and what is written for each; ``packs`` are folders of further exercise types."""

    exam: Exam
    variants: tuple[Variant, ...]
    out: Path
    formats: tuple[str, ...] = ("pdf",)
    combined: bool = False
    jobs: int = 1
    packs: tuple[Path, ...] = ()


@lru_cache(maxsize=4)
def registry_of(packs: tuple[Path, ...]) -> Registry:
    """The registry with some packs, loaded once per process."""
    return load_registry(packs)


def identity(exam: Exam, registry: Registry) -> dict[str, Any]:
    """What must be equal for two builds to be parts of one: exam, seed, and every version that matters."""
    slugs = sorted({slug for question in exam.questions for slug in question.exercises})
    return {
        "fingerprint": fingerprint(exam),
        "title": exam.title,
        "seed": exam.seed,
        "versions": versions(),
        "exercises": {slug: registry.get(slug).version for slug in slugs},
    }


def versions() -> dict[str, str]:
    """The versions of everything that the bytes of a sheet depend on."""
    found = {CODE: code_version(), "python": platform.python_version(), "zlib": zlib.ZLIB_RUNTIME_VERSION}
    return found | {name: _version(name) for name in LIBRARIES}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """What differs between the versions of two identities, in words."""
    if CODE not in old["versions"]:
        return ["an examwright that did not note the hash of its code", *_changes(old, new, besides=CODE)]
    return _changes(old, new)


def _changes(old: Mapping[str, Any], new: Mapping[str, Any], besides: str = "") -> list[str]:
    return [
        f"{kind}{name} {old[group].get(name, 'absent')} -> {new[group].get(name, 'absent')}"
        for group, kind in (("versions", ""), ("exercises", "exercise "))
        for name in sorted(old[group].keys() | new[group].keys())
        if old[group].get(name) != new[group].get(name) and name != besides
    ]
