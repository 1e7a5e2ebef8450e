"""The output folder: whose it is, what is in it already, and writing without half-written files."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from generator.batch.error import FolderError
from generator.batch.manifest import MANIFEST, Entry, Identity, Manifest, read_form
from generator.batch.plan import changes

UNFINISHED = "unfinished"
"""A folder inside the output folder, there only until the build is done: temporary files and what is known so far."""

IDENTITY = f"{UNFINISHED}/build.json"
RECORDS = f"{UNFINISHED}/variants"
LOCK = f"{UNFINISHED}/lock"
LEFT_OVER = {Path(IDENTITY).name, Path(LOCK).name}
IGNORED = {".gitignore", ".DS_Store", "Thumbs.db", "desktop.ini"}


@dataclass(frozen=True, slots=True)
class Contents:
    """What an output folder holds of this very exam: manifest entries of variants by label, other files' hashes.

    ``targets`` are those of the manifest's questions; empty where there is no manifest.
    """

    variants: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    targets: Sequence[Mapping[str, Any]] = ()


def record_path(label: str) -> str:
    """Where the manifest entry of a finished variant waits for the end of the build."""
    return f"{RECORDS}/{label}.json"


def claim(out: Path, wanted: Mapping[str, Any]) -> Contents:
    """Make the folder, or find in it a build of the same exam to go on with.

    Raises FolderError for a folder that holds anything else; nothing in it is touched then.
    """
    try:
        if out.exists() and not out.is_dir():
            raise FolderError(str(out), "is a file; expected a folder")
        present = sorted(entry.name for entry in out.iterdir()) if out.exists() else []
    except OSError as problem:
        raise FolderError(str(out), f"cannot be read: {problem.strerror}") from problem
    strangers = [name for name in present if name not in IGNORED and not _abandoned(out / name)]
    contents = Contents()
    if (out / MANIFEST).is_file():
        manifest = read_form(out / MANIFEST, Manifest)
        _same(out, manifest, wanted)
        variants = {entry["variant"]: entry for entry in manifest["variants"]}
        contents = Contents(variants, manifest["files"], manifest["targets"])
    if (out / IDENTITY).is_file() and (strangers or not _abandoned(out / UNFINISHED)):
        _same(out, read_form(out / IDENTITY, Identity), wanted)
        contents = replace(contents, variants={**contents.variants, **_finished(out)})
    elif strangers and not contents.variants:
        text = f"holds other files ({strangers[0]}); expected a new or empty folder, or one with the same exam"
        raise FolderError(str(out), text)
    return contents


def _abandoned(path: Path) -> bool:
    """Whether this is what a build leaves that could not finish its very first file: an empty folder at most."""
    if not path.is_dir():
        return False
    entries = list(path.iterdir())
    return not entries or (
        path.name == UNFINISHED and all(entry.suffix == ".part" or entry.name in LEFT_OVER for entry in entries)
    )


def _same(out: Path, found: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    title, seed = found["title"], found["seed"]
    if found["fingerprint"] != wanted["fingerprint"]:
        what = "another exam"
        if title == wanted["title"]:
            what = "another seed" if seed != wanted["seed"] else "an earlier state of the exam file"
        raise FolderError(str(out), f"holds {what} ({title!r}, seed {seed}); use another folder (--out)")
    if found_changes := changes(found, wanted):
        more = f" and {len(found_changes) - 1} more" if len(found_changes) > 1 else ""
        text = f"was built with other versions ({found_changes[0]}{more}); use another folder (--out)"
        raise FolderError(str(out), text)


def _finished(out: Path) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for path in sorted((out / RECORDS).glob("*.json")):
        record = read_form(path, Entry)
        found[record["variant"]] = record
    return found


def write_file(out: Path, name: str, data: bytes) -> None:
    """Write a file under a temporary name and rename it: under its own name it is whole or not there."""
    target = out / name
    # Two builds at once, by mistake, must not write into the same temporary file.
    temporary = out / UNFINISHED / f"{name.replace('/', '-')}.{os.getpid()}.part"
    try:
        temporary.parent.mkdir(parents=True, exist_ok=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as stream:
            stream.write(data)
            stream.flush()
            # A renamed file must not turn out empty after a power cut.
            os.fsync(stream.fileno())
        temporary.replace(target)
    except OSError as problem:
        # On a full disk it takes the room that is wanted elsewhere.
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise FolderError(str(target), f"cannot be written: {problem.strerror or problem}") from problem


def finish(out: Path) -> None:
    """Remove what only an unfinished build needs."""
    shutil.rmtree(out / UNFINISHED, ignore_errors=True)


def hash_of(path: Path) -> str | None:
    """The SHA-256 of a file, None where there is none."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise FolderError(str(path), f"cannot be read: {problem.strerror}") from problem
