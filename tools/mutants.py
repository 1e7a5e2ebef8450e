"""Puts small faults into the solvers and exercise types, one at a time, and reports which of them a build would notice.

A mutant is one change of one expression (`tools.mutation`). In a process of its own it makes some instances again from
their recorded parameters, and what they say is compared with what they said without the fault.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import hashlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import multiprocessing
import random
import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.machinery import ModuleSpec
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, Literal

from generator.batch.inspection import inspect
from generator.draw import Level
from generator.errors import ConditionError, DisagreementError, PinError
from generator.exercise import Instance, Registry, load_registry, make_instance
from generator.exercise.fields import parse_pins
from generator.exercise.registry import PACKAGE, ExerciseType
from generator.notation import canonical, plain
from generator.solver.agreement import differ
from generator.wording import word
from tools.mutation import Mutant, mutants_of, mutated, shown

LEVELS: tuple[Level, ...] = ("easy", "medium", "hard")
GUARDS = ("generator.solver.agreement",)
"""Compares the two routes; a fault in it changes nothing that is printed, so that its own tests must find it."""

MEMORY = 4 * 2**30
"""Bytes of address space that a mutant may take."""

FORM_TOLERANCE = 1e-9

Verdict = Literal["survivor", "answer", "text", "slips", "check", "crash", "refused", "timeout", "nothing"]
VERDICTS: dict[Verdict, str] = {
    "survivor": "gave a wrong answer, and the build did not notice",
    "answer": "gave a wrong answer; the second route disagreed",
    "text": "the same answers in other words, formulas, marks or figures",
    "slips": "changed only what wrong methods give",
    "check": "the second route disagreed with a right answer",
    "crash": "stopped with an error",
    "refused": "the instance was refused, or another one was made",
    "timeout": "took too long",
    "nothing": "changed nothing",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What an instance says: answers by part, and hashes or texts of everything else."""

    answers: Mapping[str, Any]
    question: str
    working: str
    marking: str
    slips: str
    figures: str

    def differences(self, other: Seen) -> tuple[str, ...]:
        """The names of what differs; an answer that is equal in another form counts as working."""
        found = [name for name in ("question", "working", "marking", "slips", "figures") if self._has(name, other)]
        if not same_answers(self.answers, other.answers):
            return ("answers", *found)
        if repr(self.answers) != repr(other.answers) and "working" not in found:
            found.append("working")
        return tuple(found)

    def _has(self, name: str, other: Seen) -> bool:
        return bool(getattr(self, name) != getattr(other, name))


@dataclass(frozen=True, slots=True)
class Case:
    """An instance to be made again: its parameters, and what it says without a fault."""

    slug: str
    key: str
    level: Level
    parameters: Mapping[str, Any]
    seen: Seen


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case: how it ended, what differed, and whether the replay of the text found it."""

    end: Literal["made", "disagreement", "crash", "refused"]
    changed: tuple[str, ...] = ()
    replayed: bool = False
    message: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A mutant and its verdict; ``changed`` has what differed in instances that were made.

    ``replayed`` says whether the replay of the printed working finds fault with one of those.
    """

    mutant: Mutant
    path: str
    before: str
    after: str
    verdict: Verdict
    changed: tuple[str, ...]
    replayed: bool
    message: str


@dataclass(frozen=True, slots=True)
class Module:
    """A module that faults are put into: its source, and the modules that have to be loaded anew because of it."""

    name: str
    path: Path
    source: str
    users: tuple[str, ...]
    slugs: tuple[str, ...]


def find_modules(registry: Registry) -> list[Module]:
    """The solvers and exercise types that any type of the registry uses, by name."""
    rooms = [PACKAGE / "solver", PACKAGE / "exercises"]
    paths = {_name_of(path): path for room in rooms for path in sorted(room.rglob("*.py"))}
    slugs = {source.module_name: source.slug for source in registry.sources}
    paths |= {source.module_name: source.module_path for source in registry.sources}
    sources = {name: path.read_text(encoding="utf-8") for name, path in paths.items()}
    imports = {name: _imported(source) & paths.keys() for name, source in sources.items()}
    found = []
    for name in sorted(paths.keys() - set(GUARDS)):
        users = _users(name, imports)
        affected = tuple(sorted(slugs[user] for user in users if user in slugs))
        if affected:
            found.append(Module(name, paths[name], sources[name], tuple(sorted(users)), affected))
    return found


def _name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(source: str) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def _users(name: str, imports: Mapping[str, set[str]]) -> set[str]:
    """A module and all that import it, directly or not."""
    users, fresh = {name}, {name}
    while fresh:
        fresh = {user for user, used in imports.items() if used & fresh} - users
        users |= fresh
    return users


def make_cases(registry: Registry, slugs: Sequence[str], instances: int) -> list[Case]:
    """Some instances of each type at each level, made a second time from their parameters."""
    cases = []
    for slug in slugs:
        kind = registry.get(slug)
        for level in LEVELS:
            for number in range(instances):
                key = f"mutants/{number}/{slug}"
                parameters = make_instance(kind, key, level).parameters
                again = make_instance(kind, key, level, parameters)
                cases.append(Case(slug, key, level, parameters, see(again)))
    return cases


def see(instance: Instance) -> Seen:
    """Everything that an instance says."""
    words = word(instance)
    solution = instance.solution
    marks = [(part.id, part.kind, part.points, part.places, part.tolerance, part.tex) for part in solution.parts]
    slips = [(slip.part, slip.name, plain(canonical(slip.value))) for slip in instance.slips]
    figures = repr(sorted(instance.exercise.figures(solution).items()))
    return Seen(
        _answers(instance),
        words.question,
        "\n".join((words.solution_opening, *(part.solution for part in words.parts))),
        repr(marks),
        repr(slips),
        hashlib.sha256(figures.encode()).hexdigest(),
    )


def _answers(instance: Instance) -> dict[str, Any]:
    return {part.id: canonical(part.answer) for part in instance.solution.parts}


def same_answers(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two solutions have the same answers, be it in another form."""
    if repr(one) == repr(other):
        return True
    if one.keys() != other.keys():
        return False
    return all(repr(one[part]) == repr(other[part]) or _equal(one[part], other[part]) for part in one)


def _equal(one: Any, other: Any) -> bool:
    try:
        return differ(one, other, FORM_TOLERANCE) is None
    except (TypeError, ValueError):
        pass
    try:
        return bool((one - other).doit().simplify() == 0)
    except (AttributeError, TypeError):
        return False


class _Faulty(importlib.machinery.SourceFileLoader):
    """Loads a module with a fault in it."""

    def __init__(self, name: str, path: str, tree: ast.Module) -> None:
        super().__init__(name, path)
        self.tree = tree

    def get_code(self, fullname: str) -> CodeType:
        """The code of the changed source."""
        del fullname
        return compile(self.tree, self.path, "exec", dont_inherit=True)


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the one module that has a fault in it."""

    def __init__(self, module: Module, tree: ast.Module) -> None:
        self.module, self.tree = module, tree

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module's specification with the loader of the changed source; None for any other module."""
        del path, target
        if fullname != self.module.name:
            return None
        place = self.module.path
        inside = [str(place.parent)] if place.name == "__init__.py" else None
        loader = _Faulty(fullname, str(place), self.tree)
        return importlib.util.spec_from_file_location(fullname, place, loader=loader, submodule_search_locations=inside)


def put_in(module: Module, tree: ast.Module) -> None:
    """Have a module of this process replaced by a changed one; whatever imports it is loaded anew."""
    for name in module.users:
        sys.modules.pop(name, None)
        package, _, last = name.rpartition(".")
        if parent := sys.modules.get(package):
            # `from package import module` looks at the package first.
            vars(parent).pop(last, None)
    finder = _Finder(module, tree)
    sys.meta_path.insert(0, finder)
    spec = finder.find_spec(module.name, None)
    if not module.name.startswith("generator.") and spec is not None and spec.loader is not None:
        # The registry loads a pack's module from its path unless it is there already.
        changed = sys.modules[module.name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(changed)


def retry(registry: Registry, case: Case) -> Outcome:
    """Make an instance again and say what became of it."""
    kind: ExerciseType | None = None
    try:
        kind = registry.get(case.slug)
        instance = make_instance(kind, case.key, case.level, case.parameters)
        if instance.parameters != case.parameters:
            return Outcome("refused", message="other values were drawn than those that were pinned")
        seen = see(instance)
        changed = case.seen.differences(seen)
        replayed = bool(changed) and bool(inspect(instance, word(instance)).faults)
    except DisagreementError as problem:
        wrong = kind is None or not same_answers(case.seen.answers, _solved(kind, case))
        return Outcome("disagreement", ("answers",) if wrong else (), message=str(problem))
    except (PinError, ConditionError) as problem:
        return Outcome("refused", message=str(problem))
    except Exception as problem:  # a fault may break the code in any way
        return Outcome("crash", message=f"{type(problem).__name__}: {problem}")
    return Outcome("made", changed, replayed)


def _solved(kind: ExerciseType, case: Case) -> dict[str, Any]:
    """The answers on which the routes disagree."""
    solution = kind.cls(**parse_pins(kind.slug, kind.cls, case.parameters)).solve()
    return {part.id: canonical(part.answer) for part in solution.parts}


def verdict_on(outcomes: Sequence[Outcome]) -> tuple[Verdict, tuple[str, ...], bool, str]:
    """The worst of what became of the cases, what changed in those that were made, whether replay tells, a message.

    One wrong answer that passed weighs more than many that were caught.
    """
    made = [outcome for outcome in outcomes if outcome.end == "made" and outcome.changed]
    wrong = [outcome for outcome in made if "answers" in outcome.changed]
    changed = tuple(sorted({name for outcome in made for name in outcome.changed}))
    message = next((outcome.message for outcome in outcomes if outcome.message), "")
    replayed = any(outcome.replayed for outcome in wrong or made)
    ends = {outcome.end for outcome in outcomes}
    caught = any(outcome.end == "disagreement" and outcome.changed for outcome in outcomes)
    verdict: Verdict = "nothing"
    if wrong:
        verdict = "survivor"
    elif caught:
        verdict = "answer"
    elif set(changed) - {"slips"}:
        verdict = "text"
    elif changed:
        verdict = "slips"
    elif "disagreement" in ends:
        verdict = "check"
    elif "crash" in ends:
        verdict = "crash"
    elif "refused" in ends:
        verdict = "refused"
    return verdict, changed, replayed, message[:300]


def _work(module: Module, mutant: Mutant, registry: Registry, cases: Sequence[Case], answer: Connection) -> None:
    """What a process does: put one fault in, make its cases again, send the outcomes."""
    _limit_memory()
    # Faults divide by zero; the verdict tells enough.
    warnings.simplefilter("ignore")
    try:
        put_in(module, mutated(module.source, mutant))
        outcomes = [retry(registry, case) for case in cases]
    except Exception as problem:  # a fault at the level of the module itself
        outcomes = [Outcome("crash", message=f"{type(problem).__name__}: {problem}")]
    answer.send(outcomes)
    answer.close()


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # not on Windows, where the time limit has to do

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


@dataclass(slots=True)
class _Running:
    process: Any
    module: Module
    mutant: Mutant
    until: float


def judge(
    chosen: Sequence[tuple[Module, Mutant]], registry: Registry, cases: Sequence[Case], *, jobs: int, seconds: float
) -> Iterator[Judged]:
    """The verdict on each mutant, as they come; ``seconds`` is what one may take."""
    # Where there is fork, a process starts with everything loaded.
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    waiting = list(reversed(chosen))
    running: dict[Connection, _Running] = {}
    while waiting or running:
        while waiting and len(running) < jobs:
            module, mutant = waiting.pop()
            receiving, sending = context.Pipe(duplex=False)
            own = [case for case in cases if case.slug in module.slugs]
            # mypy knows no `Process` of a context chosen at run time.
            process = context.Process(target=_work, args=(module, mutant, registry, own, sending))  # type: ignore[attr-defined]
            process.start()
            sending.close()
            running[receiving] = _Running(process, module, mutant, time.monotonic() + seconds)
        ready = wait(list(running), timeout=1)
        for connection in [*running]:
            one = running[connection]
            if connection in ready:
                yield _judged(one, connection)
            elif time.monotonic() > one.until:
                yield Judged(
                    one.mutant, _path(one.module), *shown(one.module.source, one.mutant), "timeout", (), False, ""
                )
            else:
                continue
            one.process.kill()
            one.process.join()
            connection.close()
            del running[connection]


def _judged(one: _Running, connection: Connection) -> Judged:
    try:
        outcomes = connection.recv()
    except EOFError:
        outcomes = [Outcome("crash", message="the process died")]
    return Judged(one.mutant, _path(one.module), *shown(one.module.source, one.mutant), *verdict_on(outcomes))


def _path(module: Module) -> str:
    inside = module.path.is_relative_to(PACKAGE.parent)
    return (module.path.relative_to(PACKAGE.parent) if inside else module.path).as_posix()


def choose(modules: Sequence[Module], count: int, seed: int) -> list[tuple[Module, Mutant]]:
    """A sample of all mutants of some modules, or all of them where there are no more; in order of file and place."""
    everything = [(module, mutant) for module in modules for mutant in mutants_of(module.name, module.source)]
    if count < len(everything):
        everything = random.Random(seed).sample(everything, count)
    return sorted(everything, key=lambda pair: (pair[0].name, pair[1].place))


def table(judged: Sequence[Judged]) -> str:
    """How many mutants of each module got which verdict, as Markdown."""
    names = list(VERDICTS)
    rows = [f"| module | mutants | {' | '.join(names)} |", f"| --- |{' ---: |' * (len(names) + 1)}"]
    counts: dict[str, Counter[str]] = {}
    for one in judged:
        counts.setdefault(one.mutant.module.removeprefix("generator."), Counter())[one.verdict] += 1
    counts = dict(sorted(counts.items())) | {"all": Counter(one.verdict for one in judged)}
    for module, count in counts.items():
        rows.append(f"| {module} | {count.total()} | {' | '.join(str(count[name] or '') for name in names)} |")
    return "\n".join(rows)


def listing(judged: Sequence[Judged], verdicts: Sequence[Verdict]) -> str:
    """The mutants with some verdicts: file, line, what changed, and the source before and after."""
    blocks = []
    for one in judged:
        if one.verdict in verdicts:
            seen = "the replay finds it" if one.replayed else "the replay finds nothing"
            head = f"{one.path}:{one.mutant.line} [{one.mutant.kind}] {one.verdict}: {', '.join(one.changed)}; {seen}"
            blocks.append(f"{head}\n  - {one.before}\n  + {one.after}")
    return "\n".join(blocks)


def summary(judged: Sequence[Judged]) -> str:
    """The share of wrong answers that were caught, and how often the replay found a changed text."""
    count = Counter(one.verdict for one in judged)
    wrong = count["answer"] + count["survivor"]
    replayed = Counter(one.verdict for one in judged if one.replayed)
    share = f"{100 * count['answer'] / wrong:.1f} %" if wrong else "none"
    return (
        f"{len(judged)} mutants; {wrong} gave a wrong answer, "
        f"of which the second route caught {count['answer']} ({share}); "
        f"the replay found {replayed['survivor']} of the {count['survivor']} others, "
        f"and {replayed['text']} of the {count['text']} that changed only text"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; the exit status is 1 where a wrong answer was not noticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutants", type=int, default=400, help="how many (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the sample (default: %(default)s)")
    parser.add_argument("--module", action="append", default=[], help="only modules with this in their name")
    parser.add_argument("--instances", type=int, default=3, help="of each type and level (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=30, help="that one mutant may take (default: %(default)s)")
    parser.add_argument("--jobs", type=int, default=2, help="processes (default: %(default)s)")
    parser.add_argument("--pack", type=Path, action="append", default=[], help="a folder of further exercise types")
    parser.add_argument("--json", type=Path, help="write every verdict into this file")
    parser.add_argument("--list", default="survivor", help="verdicts to list, with commas (default: %(default)s)")
    options = parser.parse_args(arguments)
    registry = load_registry(options.pack)
    modules = [
        module
        for module in find_modules(registry)
        if not options.module or any(name in module.name for name in options.module)
    ]
    chosen = choose(modules, options.mutants, options.seed)
    slugs = sorted({slug for module, _ in chosen for slug in module.slugs})
    cases = make_cases(registry, slugs, options.instances)
    judged = []
    for one in judge(chosen, registry, cases, jobs=options.jobs, seconds=options.seconds):
        judged.append(one)
        print(f"\r{len(judged)} of {len(chosen)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    judged.sort(key=lambda one: (one.mutant.module, one.mutant.place))
    print(f"{table(judged)}\n\n{summary(judged)}\n\n{listing(judged, options.list.split(','))}")
    if options.json:
        text = json.dumps([asdict(one) for one in judged], indent=1, ensure_ascii=False)
        options.json.write_text(text, encoding="utf-8", newline="\n")
    return int(any(one.verdict == "survivor" for one in judged))


if __name__ == "__main__":
    sys.exit(main())
