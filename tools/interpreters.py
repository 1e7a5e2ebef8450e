"""Builds an exam of all exercise types under several Python versions and compares the bytes.

    python -m tools.interpreters python3.11 python3.12 python3.13

Each interpreter gets a virtual environment of its own, with the package installed from this checkout and the versions
of constraints.txt, for the time of the comparison. Exit code 1 where a file differs from the first interpreter's.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.exercise import load_registry

ROOT = Path(__file__).resolve().parent.parent
MANIFEST = "manifest.json"
"""Names the versions that it was made with, and is compared without them."""


@dataclass(frozen=True, slots=True)
class Built:
    """What an interpreter built: versions by name, and the SHA-256 of every file."""

    interpreter: str
    versions: dict[str, str]
    hashes: dict[str, str]


def built_with(interpreter: str, variants: int, folder: Path) -> Built:
    """Install the package for an interpreter and build the exam."""
    environment = folder / "environment"
    subprocess.run([interpreter, "-m", "venv", str(environment)], check=True)
    python = environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run([*pip, "--constraint", str(ROOT / "constraints.txt"), str(ROOT)], check=True)
    out = folder / "out"
    program = "import sys; from generator.cli import main; sys.exit(main())"
    exam = folder / "exam.toml"
    exam.write_text(exam_of_all(), encoding="utf-8")
    arguments = ["build", str(exam), "--variants", str(variants), "--format", "pdf,json", "--combined", "--jobs", "1"]
    # From a folder of its own: the installed package is used, not the checkout.
    subprocess.run(
        [str(python), "-c", program, *arguments, "--out", str(out)], check=True, cwd=folder, stdout=subprocess.DEVNULL
    )
    return Built(interpreter, _versions(out), dict(_hashes(out)))


def exam_of_all() -> str:
    """An exam file with every exercise type."""
    questions = [f'[[section.question]]\nexercise = "{slug}"\n' for slug in load_registry().slugs]
    return "\n".join(['title = "All"\nseed = 7\n\n[[section]]\n', *questions])


def _versions(out: Path) -> dict[str, str]:
    manifest = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
    return {str(name): str(version) for name, version in manifest["versions"].items()}


def _hashes(out: Path) -> list[tuple[str, str]]:
    found = []
    for path in sorted(path for path in out.rglob("*") if path.is_file()):
        data = path.read_bytes()
        if path.name == MANIFEST:
            manifest = json.loads(data)
            data = json.dumps({name: value for name, value in manifest.items() if name != "versions"}).encode()
        found.append((path.relative_to(out).as_posix(), hashlib.sha256(data).hexdigest()))
    return found


def differing(first: Built, other: Built) -> list[str]:
    """The files that are not the same, or not there, in one of two builds."""
    names = sorted(first.hashes.keys() | other.hashes.keys())
    return [name for name in names if first.hashes.get(name) != other.hashes.get(name)]


def table(builds: Sequence[Built]) -> str:
    """One row per interpreter, compared with the first, as Markdown."""
    rows: list[tuple[str, ...]] = [
        ("Python", "zlib", "NumPy", "files", "equal to the first"),
        ("---", "---", "---", "---:", "---:"),
    ]
    for build in builds:
        same = len(build.hashes) - len(differing(builds[0], build))
        versions = (build.versions[name] for name in ("python", "zlib", "numpy"))
        rows.append((*versions, str(len(build.hashes)), str(same)))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("interpreters", nargs="+", metavar="PYTHON", help="names or paths of interpreters")
    parser.add_argument("--variants", type=int, default=3)
    chosen = parser.parse_args(arguments)
    builds = []
    for interpreter in chosen.interpreters:
        with tempfile.TemporaryDirectory() as folder:
            builds.append(built_with(interpreter, chosen.variants, Path(folder)))
    print(table(builds))
    different = {name for build in builds for name in differing(builds[0], build)}
    for name in sorted(different):
        print(f"differs: {name}")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
