"""The files of a new exercise type, made from the skeleton: a small exercise that already works."""

from __future__ import annotations

import keyword
import re
from pathlib import Path

from generator.cli.common import OutputError, write_new
from generator.errors import ExamwrightError
from generator.exercise import load_registry
from generator.exercise.registry import PACKAGE, templates_folder

MODULE = Path("skeleton") / "exercises" / "topic" / "skeleton.py"
_SLUG = re.compile(r"([a-z][a-z0-9]*(?:_[a-z0-9]+)*)/([a-z][a-z0-9]*(?:-[a-z0-9]+)*)")


class SlugError(ExamwrightError):
    """A slug that a new exercise type cannot have."""

    def __init__(self, slug: str, problem: str) -> None:
        super().__init__(slug, problem)
        self.slug, self.problem = slug, problem

    def __str__(self) -> str:
        return f"the exercise {self.slug!r}: {self.problem}"


def write_skeleton(slug: str, title: str | None, pack: Path | None) -> list[Path]:
    """Write module, template and tests of a new exercise type; returns their paths in this order.

    ``pack`` is a folder for exercise types of one's own; without it they go into the checkout. Nothing that exists
    is overwritten. Raises SlugError, OutputError.
    """
    topic, name = _named(slug)
    _refuse_taken_names(slug)
    if slug in load_registry([pack] if pack and (pack / "exercises").is_dir() else []).slugs:
        raise SlugError(slug, "exists already")
    texts = {path: _filled(text, slug, title, pack) for path, text in _files(topic, name, pack).items()}
    for path in texts:
        if path.exists():
            raise OutputError(str(path), "exists already and is not overwritten; choose another slug")
    for path, text in texts.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise OutputError(str(path.parent), f"cannot be made: {problem.strerror}") from problem
        write_new(text, path)
    return list(texts)


def _named(slug: str) -> tuple[str, str]:
    found = _SLUG.fullmatch(slug)
    if found is None:
        expected = (
            "expected TOPIC/NAME in small letters and digits, words of the name joined by '-', such as regression/lasso"
        )
        raise SlugError(slug, expected)
    return found[1], found[2].replace("-", "_")


def _class_name(slug: str) -> str:
    return "".join(part.capitalize() for part in slug.split("/")[1].split("-"))


def _refuse_taken_names(slug: str) -> None:
    """The class of the new module must not have the name of anything that the skeleton itself needs."""
    name = _class_name(slug)
    skeleton = (templates_folder() / MODULE).read_text(encoding="utf-8")
    if keyword.iskeyword(name) or re.search(rf"\b{name}\b", skeleton.partition("@exercise(")[0]):
        raise SlugError(slug, f"its class would be called {name}, a name that is taken; choose another one")


def _files(topic: str, name: str, pack: Path | None) -> dict[Path, str]:
    """The text of each file before its names are filled in."""
    module = templates_folder() / MODULE
    skeleton = templates_folder() / "skeleton"
    template = skeleton / "templates" / "topic" / "skeleton.md.j2"
    test = skeleton / "tests" / "test_skeleton.py"
    if pack is not None:
        exercises, templates, tests = pack / "exercises", pack / "templates", pack / "tests"
    elif (PACKAGE.parent / "pyproject.toml").is_file() and templates_folder().parent == PACKAGE.parent:
        exercises, templates = PACKAGE / "exercises", templates_folder()
        tests = PACKAGE.parent / "tests" / "exercises" / topic
    else:
        problem = "this is an installed copy, not a checkout; give --pack FOLDER for exercise types of your own"
        raise OutputError(str(PACKAGE), problem)
    files = {
        exercises / topic / f"{name}.py": module.read_text(encoding="utf-8"),
        templates / topic / f"{name}.md.j2": template.read_text(encoding="utf-8"),
        tests / f"test_{name}.py": test.read_text(encoding="utf-8"),
    }
    if pack is None and not (exercises / topic / "__init__.py").exists():
        files[exercises / topic / "__init__.py"] = f'"""Exercise types on {topic.replace("_", " ")}."""\n'
    return files


def _filled(text: str, slug: str, title: str | None, pack: Path | None) -> str:
    name = slug.split("/")[1]
    words = name.replace("-", " ")
    heading = " ".join((title or words[:1].upper() + words[1:]).split()).replace("\\", "").replace('"', "'")
    text = text.replace("SKELETON TITLE", heading).replace("topic/skeleton", slug)
    text = text.replace("class Skeleton(", f"class {_class_name(slug)}(")
    if pack is not None:
        # Tests of a pack stand beside its folder of exercises.
        text = text.replace("PACKS: tuple[Path, ...] = ()", "PACKS = (Path(__file__).resolve().parent.parent,)")
    return text
