"""The output folder: whose it is, what is in it already, and writing without half-written files."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from generator.batch.error import FolderError
from generator.batch.manifest import MANIFEST, Begun, Entry, Manifest, read_form
from generator.batch.plan import changes

UNFINISHED = "unfinished"
"""A folder inside the output folder, there only until the build is done: temporary files and what is known so far."""

IDENTITY = f"{UNFINISHED}/build.json"
RECORDS = f"{UNFINISHED}/variants"
LOCK = f"{UNFINISHED}/lock"
LEFT_OVER = {Path(IDENTITY).name, Path(LOCK).name}
IGNORED = {".gitignore", ".DS_Store", "Thumbs.db", "desktop.ini"}
OF_VARIANTS = ("questions", "keys", "records")
"""The folders inside the output folder that hold a file per variant."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What an output folder holds of this very exam: manifest entries of variants by label, other files' hashes.

    ``targets`` are those of the manifest's questions; empty where there is no manifest. ``begun`` names the files that
    an interrupted build was going to write: they may be there or not, old or new.
    """

    variants: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    targets: Sequence[Mapping[str, Any]] = ()
    begun: frozenset[str] = frozenset()

    @property
    def listed(self) -> dict[str, str]:
        """The hash of every file that the build is known to have written."""
        return dict(self.files) | {
            name: found for record in self.variants.values() for name, found in record["files"].items()
        }


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
        begun = read_form(out / IDENTITY, Begun)
        _same(out, begun, wanted)
        finished = _finished(out)
        done = {name for record in finished.values() for name in record["files"]}
        variants = {**contents.variants, **finished}
        contents = replace(contents, variants=variants, begun=frozenset(begun.get("writes", ())) - done)
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


def forget(out: Path, labels: Iterable[str]) -> None:
    """Remove what an interrupted build left of variants that are to be built anew."""
    for label in labels:
        (out / record_path(label)).unlink(missing_ok=True)


def unlisted(out: Path, listed: Collection[str]) -> Iterator[str]:
    """Everything in an output folder and its folders that is neither the manifest nor listed."""
    for place in ("", *OF_VARIANTS):
        try:
            entries = sorted((out / place).iterdir()) if (out / place).is_dir() else []
        except OSError as problem:
            raise FolderError(str(out / place), f"cannot be read: {problem.strerror}") from problem
        for entry in entries:
            name = f"{place}/{entry.name}" if place else entry.name
            own = name == MANIFEST or name in listed or (name in OF_VARIANTS and entry.is_dir())
            if not own and entry.name not in IGNORED:
                yield name


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
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as problem:
        raise FolderError(str(path), f"cannot be read: {problem.strerror}") from problem
