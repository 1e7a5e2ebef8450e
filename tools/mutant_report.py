"""What came out: tables by module, by verdict and by exercise type, a list of mutants, and rows for other programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, TypeAlias

from tools.mutant_runs import PRINTED, VERDICTS, WRONG, Finding, Judged
from tools.mutant_trials import Trial
from tools.mutation import Mutant

Trials: TypeAlias = Mapping[Mutant, Trial]
"""What the tests made of those mutants that they were run for."""

Tried: TypeAlias = tuple[Finding, Trial]


def verdict_table(judged: Sequence[Judged]) -> str:
    """How many mutants of each module got which verdict, as Markdown."""
    names = list(VERDICTS)
    counts: dict[str, Counter[str]] = {}
    for one in judged:
        counts.setdefault(_short(one), Counter())[one.finding.verdict] += 1
    counts = dict(sorted(counts.items())) | {"all": Counter(one.finding.verdict for one in judged)}
    rows = [(name, count.total(), *(count[verdict] or "" for verdict in names)) for name, count in counts.items()]
    return _markdown(("module", "mutants", *names), rows)


def caught_tables(judged: Sequence[Judged], trials: Trials) -> str:
    """Which share of the mutants that tests were run for is caught at build time, by the gate, by the tests.

    By verdict; then by module and by exercise type, for mutants that change an answer and for those that change
    anything else that is printed. A mutant counts for every exercise type in which it changes something.
    """
    tried = [(one, trials[one.mutant]) for one in judged if one.mutant in trials]
    verdicts = {
        name: [(one.finding, trial) for one, trial in tried if one.finding.verdict == name] for name in VERDICTS
    }
    modules = _grouped(tried, lambda one: {_short(one): one.finding})
    types = _grouped(tried, lambda one: one.types)
    everything = {"all": [(one.finding, trial) for one, trial in tried]}
    head = ("mutants", "at build time", "by the gate", "by the tests", "by either", "by golden files first")
    shares = [(name, *_share(found)) for name, found in verdicts.items() if found]
    tables = [
        _markdown(("verdict", *head), [*shares, ("all", *_share(everything["all"]))]),
        _by_kind("module", modules | everything),
        _by_kind("exercise", types),
    ]
    return "\n\n".join(tables)


def _by_kind(name: str, groups: Mapping[str, Sequence[Tried]]) -> str:
    """One row per group: changed answers, then what else is printed, and how much of each was caught."""
    head = (
        "changed answers",
        "at build time",
        "by the tests",
        "by either",
        "other changes",
        "by the gate",
        "by the tests",
    )
    rows = []
    for group, found in groups.items():
        wrong = _share([(finding, trial) for finding, trial in found if finding.verdict in WRONG])
        other = _share([(finding, trial) for finding, trial in found if finding.verdict in ("text", "slips")])
        rows.append((group, wrong[0], wrong[1], wrong[3], wrong[4], other[0], other[2], other[3]))
    return _markdown((name, *head), rows)


def _grouped(
    tried: Iterable[tuple[Judged, Trial]], groups_of: Callable[[Judged], Mapping[str, Finding]]
) -> dict[str, list[Tried]]:
    groups: dict[str, list[Tried]] = {}
    for one, trial in tried:
        for name, finding in groups_of(one).items():
            groups.setdefault(name, []).append((finding, trial))
    return dict(sorted(groups.items()))


def _share(found: Sequence[Tried]) -> tuple[int, ...]:
    """How many there are, and what notices: the build, the gate, the tests, tests or build, golden files first."""
    return (
        len(found),
        sum(finding.stopped for finding, _ in found),
        sum(finding.replayed for finding, _ in found),
        sum(trial.caught for _, trial in found),
        sum(finding.stopped or trial.caught for finding, trial in found),
        sum(trial.golden for _, trial in found),
    )


def listing(judged: Sequence[Judged], verdicts: Sequence[str], trials: Trials) -> str:
    """The mutants with some verdicts: file, line, what changed, and the source before and after."""
    return "\n".join(_block(one, trials.get(one.mutant)) for one in judged if one.finding.verdict in verdicts)


def missed(judged: Sequence[Judged], trials: Trials) -> str:
    """The mutants of which something would be printed and that no test caught, in the form of `listing`."""
    passed = [one for one in judged if (trial := trials.get(one.mutant)) and not trial.caught]
    return listing(passed, PRINTED, trials)


def _block(one: Judged, trial: Trial | None) -> str:
    found = one.finding
    noticed = ["the gate finds it" if found.replayed else "the gate finds nothing"]
    if trial:
        noticed.append(f"caught by {trial.test or 'the time limit'}" if trial.caught else "the tests pass")
    head = f"{one.path}:{one.mutant.line} [{one.mutant.kind}] {found.verdict}: {', '.join(found.changed)}"
    return f"{'; '.join((head, *noticed))}\n  - {one.before}\n  + {one.after}"


def summary(judged: Sequence[Judged], trials: Trials) -> str:
    """The share of wrong answers that were caught, how often the gate found a changed text, and what tests caught."""
    count = Counter(one.finding.verdict for one in judged)
    wrong = count["answer"] + count["survivor"]
    replayed = Counter(one.finding.verdict for one in judged if one.finding.replayed)
    share = f"{100 * count['answer'] / wrong:.1f} %" if wrong else "none"
    text = (
        f"{len(judged)} mutants; {wrong} gave a wrong answer, "
        f"of which the second route caught {count['answer']} ({share}); "
        f"the gate found {replayed['survivor']} of the {count['survivor']} others, "
        f"and {replayed['text']} of the {count['text']} that changed only text"
    )
    return f"{text}\n{_of_tests(judged, trials)}" if trials else text


def _of_tests(judged: Sequence[Judged], trials: Trials) -> str:
    tried = [(one.finding, trials[one.mutant]) for one in judged if one.mutant in trials]
    count, _, _, caught, *_ = _share([pair for pair in tried if pair[0].verdict in WRONG])
    printed, _, _, seen, *_ = _share([pair for pair in tried if pair[0].verdict in PRINTED])
    seconds = sum(trial.seconds for trial in trials.values()) / len(trials)
    return (
        f"tests run for {len(trials)} mutants ({seconds:.1f} s each): they caught {caught} of the {count} that gave a "
        f"wrong answer, and {seen} of the {printed} of which a build would print something that differs"
    )


def rows(judged: Sequence[Judged], trials: Trials) -> list[dict[str, Any]]:
    """One row per mutant, for JSON; ``tests`` is null where none were run."""
    return [
        asdict(one.mutant)
        | {"path": one.path, "before": one.before, "after": one.after}
        | _row(one.finding)
        | {"changed": one.finding.changed, "message": one.finding.message}
        | {"types": {slug: _row(finding) for slug, finding in one.types.items()}}
        | {"tests": asdict(trial) | {"caught": trial.caught} if (trial := trials.get(one.mutant)) else None}
        for one in judged
    ]


def _row(finding: Finding) -> dict[str, Any]:
    return {"verdict": finding.verdict, "stopped": finding.stopped, "replayed": finding.replayed}


def _short(one: Judged) -> str:
    return one.mutant.module.removeprefix("generator.")


def _markdown(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)
