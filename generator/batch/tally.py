"""What many draws of one exercise type at one level showed: counts that add up, and the verdict on them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from generator.batch.candidate import tolerance_within, usual
from generator.batch.distinct import at_least
from generator.batch.matching import spread
from generator.draw import Level
from generator.exam.model import EFFORT_SPREAD

DISTINCT_SHARE = 0.3
MOST_DISTINCT_WANTED = 300

FREQUENT = 0.05
"""An answer with a larger share than this can be guessed, where there are many answers."""

MANY_ANSWERS = 40
"""So many different answers among the draws of one task are many: each would have 2.5 % at the most."""


@dataclass(slots=True)
class Answers:
    """The answers of one part: ``frequent`` counts those with a share worth following in the draws of their task.

    ``different`` is the largest number of different answers in one task.
    """

    draws: int = 0
    different: int = 0
    frequent: Counter[str] = field(default_factory=Counter)

    def add(self, other: Answers) -> None:
        """Count the answers of other draws in."""
        self.draws += other.draws
        self.different = max(self.different, other.different)
        self.frequent += other.frequent

    @property
    def guessable(self) -> dict[str, float]:
        """The share of each answer that comes up too often for one of many."""
        if self.different < MANY_ANSWERS:
            return {}
        # By more than chance explains: in few draws something always comes up often.
        most = FREQUENT * self.draws
        certain = most + 3 * most**0.5
        ordered = sorted(self.frequent.items(), key=lambda item: (-item[1], item[0]))
        return {answer: round(count / self.draws, 4) for answer, count in ordered if count > certain}


@dataclass(slots=True)
class GateResult:
    """What the draws of one exercise type at one level showed.

    ``read`` counts the draws whose formulas were read, ``sheets`` those that were typeset; ``links`` the printed
    equalities between numbers that were recomputed, ``judged`` those between formulas, ``compared`` the formulas
    compared with the numbers put in, and ``misses`` those that do not hold; ``failures`` counts the draws with an
    error by its kind, ``examples`` has a message of each kind; ``milliseconds`` has the time that each draw took,
    solved and checked; ``identities`` counts hashes of what is printed, ``forms`` the parts with their points,
    ``efforts`` branches and weighted effort, ``choices`` the right letters of each part that is a choice.
    """

    slug: str
    level: Level
    draws: int = 0
    tries: int = 0
    most_tries: int = 0
    read: int = 0
    sheets: int = 0
    links: int = 0
    judged: int = 0
    compared: int = 0
    misses: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)
    milliseconds: list[float] = field(default_factory=list)
    identities: Counter[str] = field(default_factory=Counter)
    forms: set[tuple[tuple[str, int], ...]] = field(default_factory=set)
    efforts: Counter[tuple[str, int]] = field(default_factory=Counter)
    answers: dict[str, Answers] = field(default_factory=dict)
    choices: dict[str, Counter[str]] = field(default_factory=dict)

    @property
    def accepted(self) -> int:
        """The draws without an error."""
        return self.draws - self.failures.total()

    @property
    def distinct(self) -> int:
        """How many different instances were seen."""
        return len(self.identities)

    @property
    def wanted_distinct(self) -> int:
        """How many different instances are asked for: 300 of 1,000 draws at level medium."""
        if self.level != "medium":
            return 1
        return max(1, min(MOST_DISTINCT_WANTED, int(DISTINCT_SHARE * self.draws)))

    @property
    def reasons(self) -> list[str]:
        """Why the gate is closed; empty where it is open."""
        found = [f"{count} × {kind}: {self.examples[kind]}" for kind, count in sorted(self.failures.items())]
        if self.accepted and self.distinct < self.wanted_distinct:
            found.append(f"{self.distinct} distinct instances in {self.draws} draws; wanted {self.wanted_distinct}")
        if len(self.forms) > 1:
            found.append(f"the parts or their points change from draw to draw: {sorted(self.forms)[:2]}")
        return found

    @property
    def notes(self) -> list[str]:
        """What keeps nobody from handing the exercise out, but is worth knowing: answers that can be guessed."""
        found = [
            f"part {part}: the answer is {answer} in {100 * share:.0f} % of the draws"
            for part, answers in sorted(self.answers.items())
            for answer, share in answers.guessable.items()
        ]
        for part, letters in sorted(self.choices.items()):
            (letter, count), total = letters.most_common(1)[0], letters.total()
            # Half as often again as its share, and by more than chance explains.
            even = total / max(2, len(letters))
            if count > 1.5 * even + 3 * even**0.5:
                found.append(f"part {part}: the right choice is {letter} in {100 * count / total:.0f} % of the draws")
        return found

    @property
    def passed(self) -> bool:
        """Whether every draw could be handed out."""
        return not self.reasons

    def summary(self) -> dict[str, Any]:
        """The figures as JSON holds them."""
        accepted = max(1, self.accepted)
        return {
            "exercise": self.slug,
            "level": self.level,
            "passed": self.passed,
            "draws": self.draws,
            "fault_rate_below": bound(self.draws),
            "formulas_read": self.read,
            "wrong_formula_rate_below": bound(self.read),
            "unprintable_rate_below": bound(self.sheets),
            "failures": dict(sorted(self.failures.items())),
            "disagreements": self.failures["disagreement"],
            "lines_replayed": self.links,
            "formulas_judged": self.judged,
            "substitutions_compared": self.compared,
            "lines_off": self.misses,
            "rounding_unsafe": self.failures["rounding"],
            "slip_collisions": self.failures["slip"],
            "tries_per_draw": round(self.tries / accepted, 2),
            "most_tries": self.most_tries,
            "sheets": self.sheets,
            "distinct": self.distinct,
            "distinct_at_least": at_least(self.identities.elements()),
            "milliseconds": round(median(self.milliseconds), 3) if self.milliseconds else None,
            "effort": self._effort() if self.efforts else None,
            "frequent_answers": {part: answers.guessable for part, answers in sorted(self.answers.items())},
            "choices": {part: dict(sorted(letters.items())) for part, letters in sorted(self.choices.items())},
            "notes": self.notes,
            "reasons": self.reasons,
        }

    def _effort(self) -> dict[str, Any]:
        """The spread of the draws' effort, and of those that a build would take with the default `effort_spread`."""
        all_efforts = sorted(_elements(self.efforts))
        by_pattern = Counter[str]()
        for (pattern, _), count in self.efforts.items():
            by_pattern[pattern] += count
        pattern = min(by_pattern, key=lambda name: (-by_pattern[name], name))
        of_pattern = _elements(Counter({key: count for key, count in self.efforts.items() if key[0] == pattern}))
        share = tolerance_within(EFFORT_SPREAD)
        target = usual(of_pattern, share)
        matched = [effort for effort in of_pattern if abs(effort - target) <= share * target]
        return {
            "least": all_efforts[0],
            "median": median(all_efforts),
            "most": all_efforts[-1],
            "spread": round(spread(all_efforts), 4),
            "patterns": len(by_pattern),
            "matched_spread": round(spread(matched), 4),
            "matched_share": round(len(matched) / len(all_efforts), 4),
        }

    def add(self, other: GateResult) -> None:
        """Count other draws of the same type and level in."""
        self.draws += other.draws
        self.tries += other.tries
        self.read += other.read
        self.sheets += other.sheets
        self.links += other.links
        self.judged += other.judged
        self.compared += other.compared
        self.misses += other.misses
        self.most_tries = max(self.most_tries, other.most_tries)
        self.failures += other.failures
        for kind, message in other.examples.items():
            # Whatever the order in which the workers finish, the same message stands for its kind.
            self.examples[kind] = min(message, self.examples.get(kind, message))
        self.milliseconds += other.milliseconds
        self.identities += other.identities
        self.forms |= other.forms
        self.efforts += other.efforts
        for part, answers in other.answers.items():
            self.answers.setdefault(part, Answers()).add(answers)
        for part, letters in other.choices.items():
            self.choices.setdefault(part, Counter()).update(letters)


def _elements(efforts: Counter[tuple[str, int]]) -> list[int]:
    return [effort for _, effort in efforts.elements()]


def bound(draws: int) -> float:
    """The share of faulty draws excluded, with 95 % confidence, by so many faultless ones (rule of three)."""
    return min(1.0, 3 / max(1, draws))
