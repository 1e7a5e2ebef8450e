"""examwright completion."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from generator.cli.app import PROGRAM, examwright
from generator.cli.common import WithExamples
from generator.errors import UnknownNameError

SHELLS = ("bash", "zsh", "fish")


EXAMPLES = (
    "examwright completion bash >> ~/.bashrc",
    "examwright completion zsh >> ~/.zshrc",
    "examwright completion fish > ~/.config/fish/completions/examwright.fish",
)


@click.command("completion", cls=WithExamples, examples=EXAMPLES)
@click.argument("shell", metavar="SHELL")
def command(shell: str) -> None:
    """Print the completion script of a shell.

    For bash, zsh and fish; completes commands, options, exercise types and levels.
    """
    kind = get_completion_class(shell)
    if shell not in SHELLS or kind is None:
        raise UnknownNameError("", "shell", shell, SHELLS)
    maker = kind(examwright, {}, PROGRAM, f"_{PROGRAM.upper()}_COMPLETE")
    click.echo(maker.source_template % maker.source_vars())
