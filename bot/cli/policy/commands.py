"""The commands of `tocsin policy`; each imports what it runs only when it is run."""

from typing import Annotated, Literal

import typer

from bot.cli.policy.lifecycle import lifecycle

Format = Literal["text", "json", "sarif"]

policy = typer.Typer(help="Read and check the policy pack.", no_args_is_help=True)
policy.add_typer(lifecycle)


@policy.command()
def check(
    directory: Annotated[str, typer.Argument(help="The pack's folder.")],
    format: Annotated[Format, typer.Option(help="How to print it; sarif is for code scanning.")] = "text",
    live: Annotated[
        bool, typer.Option("--live", help="Ask the workspace about roster and channels too.")
    ] = False,
) -> None:
    """Check a pack: every problem at once, with file, line and an example. Exits 1 when it cannot be used."""
    from bot.cli.policy import checking as command

    raise typer.Exit(command.check(directory, format, live=live))


@policy.command()
def schema(
    out: Annotated[str | None, typer.Option(metavar="FILE", help="Write it to this file.")] = None,
) -> None:
    """Print the JSON Schema of the pack's files, with which editors complete and check while one types."""
    from bot.cli.policy import schema as command

    raise typer.Exit(command.run(out))


@policy.command()
def init(directory: Annotated[str, typer.Argument(help="An empty or new folder.")]) -> None:
    """Write a copy of the default pack to edit; point TOCSIN_POLICY at it."""
    from bot.cli.policy import checking as command

    raise typer.Exit(command.init(directory))


_PACK = typer.Argument(help="The pack's folder; without it, the default pack.")


@policy.command()
def matrix(
    directory: Annotated[str | None, _PACK] = None,
    lanes: Annotated[bool, typer.Option("--lanes", help="When agents must ask a person.")] = False,
    raci: Annotated[bool, typer.Option("--raci", help="Who answers for what.")] = False,
    triggers: Annotated[bool, typer.Option("--triggers", help="What opens an incident by itself.")] = False,
    stop: Annotated[bool, typer.Option("--stop", help="What stops the line.")] = False,
    metrics: Annotated[bool, typer.Option("--metrics", help="What triggers may look at.")] = False,
) -> None:
    """Print the escalation matrix on one page: the severity table, or with an option another page of it."""
    from bot.cli.policy import matrix as command

    asked = {"lanes": lanes, "raci": raci, "triggers": triggers, "stop": stop, "metrics": metrics}
    raise typer.Exit(command.matrix(directory or "", *(name for name, wanted in asked.items() if wanted)))


@policy.command()
def explain(
    directory: Annotated[str | None, _PACK] = None,
    severity: Annotated[str, typer.Option(help="SEV1 to SEV5; without it and without scores, SEV1.")] = "",
    score: Annotated[
        list[str] | None,
        typer.Option(metavar="DIMENSION=0..4", help="What makes the severity, such as users=3."),
    ] = None,
    kind: Annotated[str, typer.Option(help="The kind of incident.")] = "",
    service: Annotated[str, typer.Option(help="The service that it is about.")] = "",
    identity: Annotated[str, typer.Option(help="The identity that it is about.")] = "",
    trigger: Annotated[str, typer.Option(help="The automatic trigger that opened it.")] = "",
    condition: Annotated[
        list[str] | None, typer.Option(metavar="S-01", help="A stop-the-line condition that holds.")
    ] = None,
    lane: Annotated[str, typer.Option(help="A lane of the agent matrix, instead of an incident.")] = "",
    customer_visible: Annotated[
        bool, typer.Option("--customer-visible", help="Customers see it: updates are owed to them.")
    ] = False,
    at: Annotated[
        str, typer.Option(metavar="TIME", help="When it opens, such as 2027-03-28T01:30+01:00.")
    ] = "",
    zone: Annotated[str, typer.Option(help="Show and read times in this zone, such as Europe/Oslo.")] = "",
    silent: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Who never answers; `everyone` is the default.")
    ] = None,
    answers: Annotated[
        list[str] | None, typer.Option(metavar="NAME=7m", help="Who answers, and how long after being asked.")
    ] = None,
    declines: Annotated[
        list[str] | None, typer.Option(metavar="NAME=1m", help="Who passes the page on.")
    ] = None,
    away: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Whose account is deactivated.")
    ] = None,
    unreachable: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Who no message arrives at.")
    ] = None,
    until: Annotated[str, typer.Option(metavar="8h", help="Go on so long, whatever is answered.")] = "",
    full: Annotated[bool, typer.Option("--full", help="Show every round of the ladder.")] = False,
    live: Annotated[
        bool,
        typer.Option("--live", help="With the people who are in the workspace now, not those of the pack."),
    ] = False,
    format: Annotated[Literal["text", "json"], typer.Option(help="How to print it.")] = "text",
) -> None:
    """Say who would be asked in a case, when and why, by the rules that run in production."""
    from bot.cli.policy import explaining as command
    from bot.clock import system_clock
    from bot.rehearsal.words import Words

    words = Words(
        severity=severity, scores=tuple(score or ()), kind=kind, service=service, identity=identity, trigger=trigger,
        conditions=tuple(condition or ()), lane=lane, customer_visible=customer_visible, at=at, zone=zone,
        silent=tuple(silent or ()), answers=tuple(answers or ()), declines=tuple(declines or ()),
        away=tuple(away or ()), unreachable=tuple(unreachable or ()), until=until,
    )  # fmt: skip
    raise typer.Exit(command.run(directory, words, now=system_clock(), form=format, full=full, live=live))


@policy.command()
def simulate(
    directory: Annotated[str | None, _PACK] = None,
    incidents: Annotated[int, typer.Option(help="How many incidents are played.")] = 10_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same numbers.")] = 1,
    days: Annotated[int, typer.Option(help="Over how many days and nights they are spread.")] = 90,
    mix: Annotated[str, typer.Option(metavar="SEV1=3%,...", help="How often each severity comes.")] = "",
    habit: Annotated[
        list[str] | None,
        typer.Option(
            metavar="asleep=6m,0.8,30%",
            help="How people answer while working, awake or asleep: median, spread, share who miss it.",
        ),
    ] = None,
    per_day: Annotated[float, typer.Option(help="Tell loads for so many incidents a day.")] = 4.0,
    zone: Annotated[str, typer.Option(help="Where people live, such as Europe/Oslo.")] = "",
    since: Annotated[str, typer.Option(metavar="TIME", help="When it begins; without it, now.")] = "",
    plot: Annotated[str | None, typer.Option(metavar="FILE.png", help="Draw a picture, too.")] = None,
    processes: Annotated[int | None, typer.Option(help="How many processes; without it, one a core.")] = None,
    live: Annotated[
        bool, typer.Option("--live", help="With the people of the workspace, each in their own time zone.")
    ] = False,
    format: Annotated[Literal["text", "json"], typer.Option(help="How to print it.")] = "text",
) -> None:
    """Play thousands of random incidents: what the policy would cost people, and what it would catch."""
    from bot.cli.policy import simulating as command
    from bot.clock import system_clock

    code = command.run(
        directory, incidents=incidents, seed=seed, days=days, mix=mix, habit=tuple(habit or ()), per_day=per_day,
        zone_name=zone, since=since, form=format, picture=plot, processes=processes, live=live, now=system_clock(),
    )  # fmt: skip
    raise typer.Exit(code)


@policy.command()
def diff(
    old: Annotated[str, typer.Argument(help="The folder of the pack as it is.")],
    new: Annotated[str, typer.Argument(help="The folder of the pack as it would be.")],
    every: Annotated[bool, typer.Option("--all", help="Show every case that goes another way.")] = False,
    against_database: Annotated[
        bool, typer.Option("--against-database", help="Say what it would change for open incidents.")
    ] = False,
) -> None:
    """Compare two packs: keys, cases side by side, open incidents. Exits 0 when alike, 1 when not, 2 for trouble."""
    from bot.cli.policy import comparing as command
    from bot.clock import system_clock

    code = command.run(old, new, now=system_clock(), every=every, against_database=against_database)
    raise typer.Exit(code)
