"""A plain sheet to put blocks on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from generator.document.tree import Block, Field, Paper, Sheet, TitleBlock

MakeSheet = Callable[..., Sheet]


@pytest.fixture(scope="session")
def make_sheet() -> MakeSheet:
    def make(*blocks: Block, paper: Paper = "a4", code: str = "K7QF", badge: str = "", language: str = "en") -> Sheet:
        return Sheet(
            title=TitleBlock(
                "CS 4780",
                "Machine Learning I: midterm",
                facts=(Field("Date", "4 December 2026"), Field("Duration", "90 minutes")),
                student=(Field("Name", "Zoë Łukasz-Müller"), Field("Student number", None)),
            ),
            language=language,
            paper=paper,
            code=code,
            running_title="Midterm",
            blocks=blocks,
            badge=badge,
            author="Department",
            subject="Exam",
        )

    return make
