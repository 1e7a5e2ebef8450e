"""Finds exercise types: every module of a pack that has a template of the same path and name."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, is_dataclass
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType

from generator.errors import ExamwrightError, PackError, UnknownNameError
from generator.exercise.contract import ABOUT, About, Exercise
from generator.exercise.time_limit import time_limit

PACKAGE = Path(__file__).resolve().parent.parent
ENTRY_POINT_GROUP = "examwright.packs"
NO_PACK = "a pack has a folder 'exercises' beside a folder 'templates'; found none"


def templates_folder() -> Path:
    """The templates that belong to the package: inside an installed wheel, else beside the package in a checkout."""
    packaged = PACKAGE / "templates"
    return packaged if packaged.is_dir() else PACKAGE.parent / "templates"


@dataclass(frozen=True, slots=True)
class ExerciseType:
    """One exercise type: its slug, its class, and the two files it is made of."""

    slug: str
    cls: type[Exercise]
    about: About
    module_path: Path
    template_path: Path

    @property
    def topic(self) -> str:
        """The folder part of the slug."""
        return self.slug.split("/")[0]

    @property
    def version(self) -> str:
        """A short hash of module and template: changes whenever either of them does."""
        digest = hashlib.sha256()
        for path in (self.module_path, self.template_path):
            # Checkouts on different platforms differ in line ends, which change nothing.
            digest.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
        return digest.hexdigest()[:12]


LONGEST_TITLE = 100


@dataclass(frozen=True, slots=True)
class Source:
    """Where one exercise type lives; loaded only when it is asked for."""

    slug: str
    module_path: Path
    template_path: Path
    module_name: str

    def load(self) -> ExerciseType:
        """Import the module and find its exercise class; raises PackError where either file is at fault."""
        # Only now: a half-written exercise type must not keep the others from working.
        if not self.template_path.is_file():
            raise PackError(str(self.module_path), f"its template {self.template_path} is missing")
        module = _import(self.module_name, self.module_path)
        found = [
            thing
            for thing in vars(module).values()
            if isinstance(thing, type) and thing.__module__ == module.__name__ and ABOUT in vars(thing)
        ]
        if len(found) != 1:
            raise PackError(str(self.module_path), f"expected one class marked @exercise, found {len(found)}")
        if not issubclass(found[0], Exercise):
            raise PackError(str(self.module_path), f"{found[0].__name__} is not derived from Exercise")
        if problem := _unfinished(found[0]):
            raise PackError(str(self.module_path), f"{found[0].__name__} {problem}")
        return ExerciseType(self.slug, found[0], getattr(found[0], ABOUT), self.module_path, self.template_path)


def _unfinished(cls: type) -> str | None:
    """What a class lacks before exercises can be drawn from it."""
    if missing := sorted(getattr(cls, "__abstractmethods__", ())):
        return f"has no {', '.join(missing)}"
    title = getattr(cls, ABOUT).title
    if not isinstance(title, str) or not 0 < len(title) <= LONGEST_TITLE:
        return f"needs a title of 1 to {LONGEST_TITLE} characters"
    return None if is_dataclass(cls) else "is no dataclass; put @dataclass(frozen=True, slots=True) below @exercise"


def _import(name: str, path: Path) -> ModuleType:
    if name in sys.modules:
        return sys.modules[name]
    if name.startswith("generator."):
        return importlib.import_module(name)
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise PackError(str(path), "not a Python module")
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their own module up by name while the class is made.
    sys.modules[name] = module
    try:
        with warnings.catch_warnings():
            # Python's own remarks on the source would stand before the one line that says what is wrong.
            warnings.simplefilter("ignore", SyntaxWarning)
            with time_limit(str(path)):
                spec.loader.exec_module(module)
    except BaseException as problem:
        del sys.modules[name]
        if isinstance(problem, ExamwrightError) or not isinstance(problem, Exception | SystemExit):
            raise
        raise PackError(str(path), f"cannot be imported: {type(problem).__name__}: {problem}") from problem
    return module


@dataclass(frozen=True, slots=True)
class Registry:
    """All exercise types that can be used, by slug, in order of topic and name."""

    sources: tuple[Source, ...]
    packs: tuple[Path, ...] = ()

    @property
    def slugs(self) -> tuple[str, ...]:
        """Every slug, sorted."""
        return tuple(source.slug for source in self.sources)

    def get(self, slug: str, where: str = "") -> ExerciseType:
        """The exercise type of a slug; raises UnknownNameError with the nearest one."""
        for source in self.sources:
            if source.slug == slug:
                return source.load()
        raise UnknownNameError(where, "exercise", slug, self.slugs)

    def __iter__(self) -> Iterator[ExerciseType]:
        return (source.load() for source in self.sources)


def load_registry(packs: Sequence[Path] = ()) -> Registry:
    """The package's own exercise types, those of installed packs (entry points), and those of pack folders.

    A pack folder has ``exercises/<topic>/<name>.py`` beside ``templates/<topic>/<name>.md.j2``.
    """
    sources = list(_scan(PACKAGE / "exercises", templates_folder(), "generator.exercises"))
    for folder in (*_installed(), *packs):
        if not (folder / "exercises").is_dir():
            raise PackError(str(folder), NO_PACK)
        digest = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:8]
        sources += _scan(folder / "exercises", folder / "templates", f"examwright_pack_{digest}")
    by_slug: dict[str, Source] = {}
    for source in sources:
        if source.slug in by_slug:
            raise PackError(str(source.module_path), f"the exercise {source.slug!r} exists already")
        by_slug[source.slug] = source
    return Registry(tuple(by_slug[slug] for slug in sorted(by_slug)), tuple(packs))


def _installed() -> Iterator[Path]:
    """The folders that installed packages announce; raises PackError with the entry point at fault."""
    for point in entry_points(group=ENTRY_POINT_GROUP):
        named = f"the installed pack {point.name!r} ({point.value})"
        try:
            folder = Path(point.load())
        except (Exception, SystemExit) as problem:
            said = f"{type(problem).__name__}: {problem}"
            raise PackError(named, f"cannot be loaded: {said}; mend or uninstall it") from problem
        if not (folder / "exercises").is_dir():
            raise PackError(named, f"{folder}: {NO_PACK}")
        yield folder


def _scan(modules: Path, templates: Path, package: str) -> Iterator[Source]:
    for path in sorted(modules.glob("*/*.py")):
        topic, name = path.parent.name, path.stem
        if name.startswith("_"):
            continue
        template = templates / topic / f"{name}.md.j2"
        yield Source(f"{topic}/{name.replace('_', '-')}", path, template, f"{package}.{topic}.{name}")
