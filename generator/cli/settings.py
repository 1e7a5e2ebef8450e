"""Parameters pinned on the command line: --set NAME=VALUE."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import click

from generator.errors import ExamwrightError

settings_option = click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="Pin a parameter; VALUE is JSON. May be given several times.",
)


class SettingError(ExamwrightError):
    """A --set that is not NAME=VALUE."""

    def __init__(self, setting: str, problem: str) -> None:
        super().__init__(setting, problem)
        self.setting, self.problem = setting, problem

    def __str__(self) -> str:
        return f"--set {self.setting}: {self.problem}"


def pins_of(settings: Iterable[str]) -> dict[str, Any]:
    """The pinned values by parameter; of several for one parameter the last. Raises SettingError."""
    return dict(_setting(text) for text in settings)


def _setting(text: str) -> tuple[str, Any]:
    name, sign, value = text.partition("=")
    name = name.strip()
    if not sign or not name:
        raise SettingError(text, "expected NAME=VALUE, such as kernel=[[1,0],[2,1]]")
    try:
        return name, json.loads(value)
    except RecursionError as problem:
        raise SettingError(name, "the value is nested too deeply") from problem
    except ValueError as problem:
        # Quotes are a nuisance in most shells: a lone word or number such as 3/4 is taken as a text.
        if value.strip() and value.strip()[0] not in '[{"':
            return name, value.strip()
        raise SettingError(text[:80], f"the value is not JSON: {problem}") from problem
