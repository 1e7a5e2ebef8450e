"""A second reader of a question and its key: formulas with letters, compared at made-up numbers and at those given."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from generator.replay.chains import Miss
from generator.replay.context import context_of
from generator.replay.judge import Judge, Unjudged
from generator.replay.ledger import Ledger
from generator.replay.readings import Readings
from generator.replay.statements import statements
from generator.replay.strays import Stray, Trail


@dataclass(frozen=True, slots=True)
class Reading:
    """What a second reader made of a question and its key.

    ``judged`` counts links between formulas with letters, ``definitions`` names said to be something for the first
    time (``said`` has them), ``compared`` formulas whose value at the given numbers was compared with what is printed
    beside them.
    """

    judged: int
    definitions: int
    compared: int
    unjudged: tuple[Unjudged, ...]
    misses: tuple[Miss, ...]
    strays: tuple[Stray, ...]
    said: tuple[Miss, ...] = ()


def read(question: str, solutions: Sequence[str], told: Sequence[str] = ()) -> Reading:
    """Judge every link with letters of a question and of its solutions, which are read in this order.

    ``told`` has the figures of the question in words, with the numbers that they show.
    """
    texts = [question, *solutions]
    chains = [list(statements(text)) for text in texts]
    text = "\n\n".join(texts)
    context = context_of(text, itertools.chain.from_iterable(chains))
    given, everything = Ledger(context), Ledger(context)
    for markdown, said in zip(texts, chains, strict=True):
        for ledger in (given, everything) if markdown is question else (everything,):
            ledger.note_all(markdown, said)
    judge = Judge(context, Readings(context, text, given.latest, everything.latest))
    trail, strays = Trail(context, question, told), list[Stray]()
    for part, (markdown, said) in enumerate(zip(texts, chains, strict=True)):
        if part == 0:
            judge.ledger.note_all(markdown, said)
            judge.ledger.given = frozenset(given.latest)
        else:
            judge.ledger.note_lists(markdown)
        judge.worked = {}
        for chain in said:
            compared = judge.compared
            judge.chain(chain)
            if part > 0:
                strays += trail.follow(chain, judge.compared > compared)
            judge.ledger.note(chain)
            judge.origin += 1
    return Reading(
        judge.judged,
        len(judge.said),
        judge.compared,
        tuple(judge.unjudged),
        tuple(judge.misses),
        tuple(strays),
        tuple(judge.said),
    )
