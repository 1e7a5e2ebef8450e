"""Puts one fault after another into processes of their own, and says what a build would make of each."""

from __future__ import annotations

import multiprocessing
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any, Literal

from generator.exercise import Registry
from tools.memory_limit import limit_memory
from tools.mutant_cases import Case, Outcome, retry
from tools.mutant_loading import put_in
from tools.mutant_modules import Module
from tools.mutation import Mutant, mutated, shown

Verdict = Literal["survivor", "answer", "text", "slips", "working", "check", "crash", "refused", "timeout", "nothing"]
VERDICTS: dict[Verdict, str] = {
    "survivor": "gave a wrong answer, and the build did not notice",
    "answer": "gave a wrong answer; the second route disagreed, or an equality of the working did not hold",
    "text": "the same answers in other words, formulas, marks or figures",
    "slips": "changed only what wrong methods give",
    "working": "the same answers; an equality of the working did not hold",
    "check": "the second route disagreed with a right answer",
    "crash": "stopped with an error",
    "refused": "the instance was refused, or another one was made",
    "timeout": "took too long",
    "nothing": "changed nothing",
}
WRONG: tuple[Verdict, ...] = ("survivor", "answer")
"""Those that gave a wrong answer."""

PRINTED: tuple[Verdict, ...] = ("survivor", "text", "slips")
"""Those of which a build would print something that differs."""

STOPS = ("disagreement", "line off")
"""Ends in which a build looked at what it made, and printed nothing."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of a mutant's cases: ``changed`` has what differed in those that were made.

    ``replayed`` says whether the gate, which reads formulas too, finds fault with every one of those, or with every one
    that has a wrong answer where there are such.
    """

    verdict: Verdict
    changed: tuple[str, ...] = ()
    replayed: bool = False
    message: str = ""

    @property
    def stopped(self) -> bool:
        """Whether a build would have printed nothing that differs."""
        return self.verdict not in (*PRINTED, "nothing")


@dataclass(frozen=True, slots=True)
class Judged:
    """A mutant, its line before and after, and what was found: in all its cases, and in those of each exercise type."""

    mutant: Mutant
    path: str
    before: str
    after: str
    finding: Finding
    types: Mapping[str, Finding] = field(default_factory=dict)


def find(outcomes: Sequence[Outcome]) -> Finding:
    """The worst of what became of the cases: one wrong answer that passed weighs more than many that were caught."""
    made = [outcome for outcome in outcomes if outcome.end == "made" and outcome.changed]
    wrong = [outcome for outcome in made if "answers" in outcome.changed]
    changed = tuple(sorted({name for outcome in made for name in outcome.changed}))
    message = next((outcome.message for outcome in outcomes if outcome.message), "")
    replayed = bool(made) and all(outcome.replayed for outcome in wrong or made)
    return Finding(_verdict(outcomes, changed), changed, replayed, message[:300])


def _verdict(outcomes: Sequence[Outcome], changed: Sequence[str]) -> Verdict:
    ends = {outcome.end for outcome in outcomes}
    worst: list[tuple[Verdict, bool]] = [
        ("survivor", "answers" in changed),
        ("answer", any(outcome.end in STOPS and "answers" in outcome.changed for outcome in outcomes)),
        ("text", bool(set(changed) - {"slips"})),
        ("slips", bool(changed)),
        ("working", "line off" in ends),
        ("check", "disagreement" in ends),
        ("crash", "crash" in ends),
        ("refused", "refused" in ends),
    ]
    return next((verdict for verdict, holds in worst if holds), "nothing")


def _work(module: Module, mutant: Mutant, registry: Registry, cases: Sequence[Case], answer: Connection) -> None:
    """What a process does: put one fault in, make its cases again, send the outcomes."""
    limit_memory()
    # Faults divide by zero; the verdict tells enough.
    warnings.simplefilter("ignore")
    try:
        put_in(module, mutated(module.source, mutant))
        outcomes = [retry(registry, case) for case in cases]
    except Exception as problem:  # a fault at the level of the module itself
        outcomes = [Outcome("crash", message=f"{type(problem).__name__}: {problem}")] * len(cases)
    answer.send(outcomes)
    answer.close()


@dataclass(slots=True)
class _Running:
    process: Any
    module: Module
    mutant: Mutant
    cases: Sequence[Case]
    until: float

    def judged(self, outcomes: Sequence[Outcome] | None) -> Judged:
        """The mutant with its outcomes, one per case; None where it took too long."""
        found, types = Finding("timeout"), dict.fromkeys(self.module.slugs, Finding("timeout"))
        if outcomes is not None:
            found, types = find(outcomes), {slug: find(self._of(slug, outcomes)) for slug in self.module.slugs}
        return Judged(self.mutant, self.module.place, *shown(self.module.source, self.mutant), found, types)

    def _of(self, slug: str, outcomes: Sequence[Outcome]) -> list[Outcome]:
        return [outcome for case, outcome in zip(self.cases, outcomes, strict=True) if case.slug == slug]


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
            running[receiving] = _Running(process, module, mutant, own, time.monotonic() + seconds)
        ready = wait(list(running), timeout=1)
        for connection in [*running]:
            one = running[connection]
            if connection in ready:
                yield one.judged(_received(connection, len(one.cases)))
            elif time.monotonic() > one.until:
                yield one.judged(None)
            else:
                continue
            one.process.kill()
            one.process.join()
            connection.close()
            del running[connection]


def _received(connection: Connection, count: int) -> list[Outcome]:
    try:
        outcomes: list[Outcome] = connection.recv()
    except EOFError:
        outcomes = [Outcome("crash", message="the process died")] * count
    return outcomes
