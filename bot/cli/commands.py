"""Every command of `tocsin`, with its options; what it does is loaded when it is called."""

from typing import Annotated

import typer

from bot.cli.garbage import left_alone
from bot.cli.policy.commands import policy

app = typer.Typer(
    help="Tocsin runs incident escalations in Slack: it asks, nags and asks the next; AI suggests, people decide.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command()
def demo(
    play: Annotated[bool, typer.Option(help="Play the whole story with a fast clock and print it.")] = False,
    keep: Annotated[str | None, typer.Option(metavar="DIR", help="Keep the database in this folder.")] = None,
    port: Annotated[int, typer.Option(help="Port of the sandbox; 0 takes a free one.")] = 0,
    browser: Annotated[bool, typer.Option(help="Open the browser where there is one.")] = True,
) -> None:
    """Play an incident without Slack: a sandbox and the bot in one process, on this machine only."""
    with left_alone():
        from bot.cli import demo as command

    raise typer.Exit(command.run(play=play, keep=keep, port=port, browser=browser))


@app.command()
def run(
    socket: Annotated[bool, typer.Option("--socket", help="Receive by Socket Mode (the default).")] = False,
    http: Annotated[bool, typer.Option("--http", help="Receive by signed HTTP on /slack/events.")] = False,
    host: Annotated[str | None, typer.Option(help="Address to listen on (TOCSIN_HOST).")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on (TOCSIN_PORT).")] = None,
) -> None:
    """Run the bot against the workspace that the environment (or a .env file) names."""
    with left_alone():
        from bot.cli import run as command

    if socket and http:
        raise typer.BadParameter("choose one of --socket and --http, for example: tocsin run --http")
    raise typer.Exit(command.run(transport="http" if http else "socket", host=host, port=port))


@app.command()
def sandbox(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.")] = 3900,
) -> None:
    """Run the sandbox alone: a Slack of your own for any bot; prints the environment that a bot needs."""
    from bot.cli import sandbox as command

    raise typer.Exit(command.run(host=host, port=port))


@app.command()
def doctor() -> None:
    """Check tokens, scopes, channels, roster, clock and database; each line is ok or says what to do."""
    from bot.cli import doctor as command

    raise typer.Exit(command.run())


audit = typer.Typer(help="Read and verify the audit log.", no_args_is_help=True)
app.add_typer(audit, name="audit")


@audit.command()
def verify(
    export: Annotated[str | None, typer.Argument(help="An export to verify instead of the database.")] = None,
) -> None:
    """Recompute the hash chain; names the first broken row. Exits 1 when it is broken."""
    from bot.cli import audit as command

    raise typer.Exit(command.verify(export))


@audit.command()
def who(incident: Annotated[str, typer.Argument(help="For example INC-42.")]) -> None:
    """Who was notified, where, and did it arrive."""
    from bot.cli import audit as command

    raise typer.Exit(command.question("who", incident))


@audit.command()
def ack(incident: Annotated[str, typer.Argument(help="For example INC-42.")]) -> None:
    """Who acknowledged, when, and how long after being asked."""
    from bot.cli import audit as command

    raise typer.Exit(command.question("ack", incident))


@audit.command()
def fallback(incident: Annotated[str, typer.Argument(help="For example INC-42.")]) -> None:
    """Why each fallback responder was asked: the reason code of every step."""
    from bot.cli import audit as command

    raise typer.Exit(command.question("fallback", incident))


@audit.command()
def suggestions(incident: Annotated[str, typer.Argument(help="For example INC-42.")]) -> None:
    """Each suggestion beside the human decision on it: who, when, why."""
    from bot.cli import audit as command

    raise typer.Exit(command.question("suggestions", incident))


@audit.command()
def export() -> None:
    """Print every audit event as one line of canonical JSON, in chain order."""
    from bot.cli import audit as command

    raise typer.Exit(command.export())


db = typer.Typer(help="Look after the database.", no_args_is_help=True)
app.add_typer(db, name="db")


@db.command()
def migrate() -> None:
    """Bring the database to the version of this code, under a lock."""
    from bot.cli import database as command

    raise typer.Exit(command.migrate())


@db.command()
def aside() -> None:
    """List what was set aside: messages and timers that could not be worked off, with the reason."""
    from bot.cli import database as command

    raise typer.Exit(command.aside())


app.add_typer(policy, name="policy")
