"""examwright check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from generator.batch import GateResult, bound, run_gate
from generator.cli.common import (
    CHECK_FAILED,
    WithExamples,
    complete_level,
    complete_slug,
    jobs_for,
    jobs_option,
    level_named,
    packs_option,
    progress_bar,
)
from generator.cli.settings import pins_of, settings_option
from generator.draw import LEVELS
from generator.exercise import load_registry
from generator.formats import json_text

EXAMPLES = (
    "examwright check",
    "examwright check convolution/conv2d --draws 10000 --level hard",
    "examwright check layers/backward-message --set style=decimal",
    "examwright check --draws 100 --json",
)


@click.command("check", cls=WithExamples, examples=EXAMPLES)
@click.argument("slugs", nargs=-1, metavar="[SLUG]...", shell_complete=complete_slug)
@click.option(
    "--draws",
    type=click.IntRange(1, 1_000_000),
    default=1000,
    show_default=True,
    metavar="N",
    help="Draws per exercise type and level.",
)
@click.option(
    "--sheets", type=click.IntRange(0), default=20, show_default=True, metavar="N", help="How many of them to typeset."
)
@click.option(
    "--formulas",
    type=click.IntRange(0),
    default=1000,
    show_default=True,
    metavar="N",
    help="In how many of them to read the formulas with letters, too.",
)
@settings_option
@click.option(
    "--level",
    "levels",
    multiple=True,
    metavar="LEVEL",
    shell_complete=complete_level,
    help="Only this level; may be given several times.",
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, metavar="N", help="The seed.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@jobs_option
@packs_option
def command(
    slugs: tuple[str, ...],
    draws: int,
    sheets: int,
    formulas: int,
    settings: tuple[str, ...],
    levels: tuple[str, ...],
    seed: int,
    as_json: bool,
    jobs: int | None,
    packs: tuple[Path, ...],
) -> int:
    """Test exercise types, and say whether every draw could be handed out.

    Every draw is solved, checked by its independent route and put into words; its marks must add up, every printed
    equality between numbers must hold, and no wrong method may give the right answer. In many, formulas with letters
    are compared as well, with each other and with the numbers of the question; some are typeset. Exit code 3 if
    anything failed.

    """
    registry = load_registry(packs)
    chosen = slugs or registry.slugs
    for slug in chosen:
        registry.get(slug)
    at = [level_named(level) for level in levels] or list(LEVELS)
    with progress_bar("drawing") as progress:
        processes = jobs_for(jobs, draws * len(chosen) * len(at), 500)
        results = run_gate(
            tuple(dict.fromkeys(chosen)),
            at,
            draws,
            seed=seed,
            sheets=sheets,
            read=formulas,
            jobs=processes,
            pins=pins_of(settings),
            packs=packs,
            progress=progress,
        )
    passed = all(result.passed for result in results)
    if as_json:
        click.echo(json_text([result.summary() for result in results]), nl=False)
    else:
        _table(results)
        _verdict(results)
    return 0 if passed else CHECK_FAILED


def _table(results: Sequence[GateResult]) -> None:
    width = max(len(result.slug) for result in results)
    header = (
        f"{'exercise':{width}}  {'level':6}  {'':6} {'draws':>7} {'failed':>6} {'lines':>8} {'off':>4} {'tries':>6}"
    )
    click.echo(f"{header} {'most':>5} {'sheets':>6} {'distinct':>8} {'ms':>7}  effort (spread, matched)")
    for result in results:
        figures = result.summary()
        time = figures["milliseconds"]
        click.echo(
            f"{result.slug:{width}}  {result.level:6}  {'pass' if result.passed else 'FAIL':6} {result.draws:>7} "
            f"{result.failures.total():>6} {result.links:>8} {result.misses:>4} {figures['tries_per_draw']:>6.2f} "
            f"{result.most_tries:>5} {result.sheets:>6} {result.distinct:>8} "
            f"{'-' if time is None else format(time, '.2f'):>7}  {_effort(figures['effort'])}"
        )
        for reason in result.reasons:
            click.echo(f"  {reason}")
        for note in result.notes:
            click.echo(f"  note: {note}")


def _effort(figures: Mapping[str, Any] | None) -> str:
    if figures is None:
        return "-"
    spreads = f"{100 * figures['spread']:.0f} %, {100 * figures['matched_spread']:.1f} %"
    return f"{figures['least']} to {figures['most']} ({spreads})"


def _verdict(results: Sequence[GateResult]) -> None:
    failed = sum(not result.passed for result in results)
    draws, read, sheets = (min(getattr(result, name) for result in results) for name in ("draws", "read", "sheets"))
    if failed:
        click.echo(f"{failed} of {len(results)} failed")
        return
    excluded = [
        f"{draws} draws without a fault bound the share of each with a wrong answer or number by {_share(draws)}"
    ]
    if read:
        excluded.append(f"{read} whose formulas were read, that with a wrong formula by {_share(read)}")
    if sheets:
        excluded.append(f"{sheets} that were typeset, that which cannot be by {_share(sheets)}")
    click.echo(f"all {len(results)} passed; {'; '.join(excluded)} (95 % confidence)")


def _share(draws: int) -> str:
    return f"{100 * bound(draws):.2g} %"
