"""The command examwright and its subcommands."""

from __future__ import annotations

import importlib
from importlib.metadata import PackageNotFoundError, version

import click

from generator.cli.common import write_lines
from generator.errors import nearest

PROGRAM = "examwright"
COMMANDS = ("list", "show", "gallery", "init", "roster", "build", "verify", "check", "new", "completion")


def _version() -> str:
    try:
        return version(PROGRAM)
    except PackageNotFoundError:
        return "from a checkout"


START = (
    "examwright list                              the exercise types",
    "examwright show convolution/conv2d           one of them, drawn",
    "examwright init midterm.toml                 an exam to edit",
    "examwright build midterm.toml --variants 4   question sheets and keys",
)


class Commands(click.Group):
    """The subcommands, each imported only when it is used: help and completion stay quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All of them, in the order of a day's work."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"generator.cli.commands.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Commands to start with."""
        del ctx
        write_lines(formatter, "Start here", START)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """A misspelt command is answered with the nearest one."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            raise click.UsageError(f"there is no command {args[0]!r}; {nearest(args[0], COMMANDS)}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(_version(), "--version", prog_name=PROGRAM)
def examwright() -> None:
    """Exam variants for machine-learning and statistics courses, with answer keys that are computed twice."""
