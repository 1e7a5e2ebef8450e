"""Which code and templates make the sheets, as one short hash: a change anywhere in them may change any sheet."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from generator.exercise.registry import PACKAGE, templates_folder

SUFFIXES = (".j2", ".py", ".ttf")


@lru_cache(maxsize=1)
def code_version() -> str:
    """The hash of the package that is running, read once a process."""
    return hash_of_code(PACKAGE, templates_folder())


def hash_of_code(package: Path, templates: Path) -> str:
    """A hash of the code and fonts of a package and of its templates, wherever these are; line ends do not count."""
    digest = hashlib.sha256()
    for name, path in sorted(_files(package, templates)):
        # Checkouts on different platforms differ in line ends, which change nothing.
        content = hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).digest()
        digest.update(name.encode() + b"\0" + content)
    return digest.hexdigest()[:12]


def _files(package: Path, templates: Path) -> Iterator[tuple[str, Path]]:
    for label, folder in (("package", package), ("templates", templates)):
        for path in folder.rglob("*"):
            # An installed package has its templates inside; the exams beside them are the lecturer's own.
            inside = label == "package" and path.is_relative_to(templates)
            if path.suffix in SUFFIXES and not path.name.startswith(".") and not inside:
                yield f"{label}/{path.relative_to(folder).as_posix()}", path
