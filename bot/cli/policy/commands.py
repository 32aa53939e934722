"""The commands of `tocsin policy`; each imports what it runs only when it is run."""

from typing import Annotated

import typer

policy = typer.Typer(help="Read and check the policy pack.", no_args_is_help=True)


@policy.command()
def check(directory: Annotated[str, typer.Argument(help="The pack's folder.")]) -> None:
    """Check a pack: every mistake at once, with file and line. Exits 1 when there is one."""
    from bot.cli.policy import checking as command

    raise typer.Exit(command.check(directory))


@policy.command()
def init(directory: Annotated[str, typer.Argument(help="An empty or new folder.")]) -> None:
    """Write a copy of the default pack to edit; point TOCSIN_POLICY at it."""
    from bot.cli.policy import checking as command

    raise typer.Exit(command.init(directory))
