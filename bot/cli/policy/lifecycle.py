"""The commands of `tocsin policy` for its versions, and for whether a page would arrive."""

from typing import Annotated

import typer

lifecycle = typer.Typer()

_WORKSPACE = typer.Option(metavar="TEAM", help="Which workspace, where the database serves several.")


@lifecycle.command()
def log(workspace: Annotated[str | None, _WORKSPACE] = None) -> None:
    """List the versions: which is in force, who proposed, approved and endorsed each, and when."""
    from bot.cli.policy import versions as command

    raise typer.Exit(command.log(workspace))


@lifecycle.command()
def show(
    version: Annotated[str, typer.Argument(help="The beginning of its hash, as the log shows it.")],
    workspace: Annotated[str | None, _WORKSPACE] = None,
) -> None:
    """Show one version, and every key in which it differs from the one in force."""
    from bot.cli.policy import versions as command

    raise typer.Exit(command.show(version, workspace))


@lifecycle.command()
def propose(
    directory: Annotated[
        str | None, typer.Argument(help="The pack's folder; without it, the default pack.")
    ] = None,
    workspace: Annotated[str | None, _WORKSPACE] = None,
    nobody_can_approve: Annotated[
        str | None,
        typer.Option(
            metavar="REASON", help="Put it in force at once; only while nobody holds the owner's role."
        ),
    ] = None,
) -> None:
    """Ask the policy's owner, in Slack, to put a pack in force; no restart is needed."""
    from bot.cli.policy import versions as command

    raise typer.Exit(command.propose(directory, workspace, nobody_can_approve))


@lifecycle.command()
def revert(
    version: Annotated[str, typer.Argument(help="The beginning of its hash, as the log shows it.")],
    workspace: Annotated[str | None, _WORKSPACE] = None,
) -> None:
    """Ask the policy's owner to put an earlier version in force again."""
    from bot.cli.policy import versions as command

    raise typer.Exit(command.revert(version, workspace))


@lifecycle.command()
def ready(
    directory: Annotated[
        str | None, typer.Argument(help="A pack's folder; without it, the policy in force.")
    ] = None,
    live: Annotated[bool, typer.Option("--live", help="Ask Slack too: people, channels, scopes.")] = False,
    workspace: Annotated[str | None, _WORKSPACE] = None,
) -> None:
    """Would a page arrive now, tonight, on the next holiday, at the next clock change? Exits 1 when not."""
    from bot.cli.policy import ready as command

    raise typer.Exit(command.run(directory, workspace, live=live))
