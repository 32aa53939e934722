"""`tocsin policy simulate`: thousands of random incidents, what they cost people, and a picture of it."""

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from textwrap import wrap
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.cli.policy import pack
from bot.cli.policy.people import there
from bot.domain.errors import InvalidInput
from bot.domain.incident import Severity
from bot.rehearsal import cast, habits, plot, reckoning
from bot.rehearsal.simulating import USUAL_MIX, Plan, simulate
from bot.rehearsal.times import moment, zone
from bot.settings import HalfConfigured

MOST = 1_000_000
Number = TypeVar("Number", int, float)


def run(
    directory: str | None,
    *,
    incidents: int,
    seed: int,
    days: int,
    mix: str,
    habit: tuple[str, ...],
    per_day: float,
    zone_name: str,
    since: str,
    form: str,
    picture: str | None,
    processes: int | None,
    live: bool = False,
    now: datetime,
) -> int:
    """Simulate and print; 1 for a pack that cannot be used, 2 for what cannot be meant or drawn."""
    policy = pack.given(directory)
    if policy is None:
        return 1
    try:
        where = zone(zone_name or policy.support_hours.timezone)
        plan = Plan(
            incidents=_within("incidents", incidents, MOST),
            seed=seed,
            since=moment(since, where) if since else _midnight(now, where),
            days=_within("days", days, 3660),
            zone=where.key,
            mix=_mix(mix),
            habits=habits.read(habit),
        )
        _within("per-day", per_day, 1000)
        if processes is not None:
            _within("processes", processes, 256)
        if picture is not None:
            plot.require()
        directory_of = there(policy, now) if live else cast.of_pack(policy, where.key)
    except HalfConfigured as missing:
        print(f"--live asks your workspace. {missing}", file=sys.stderr)
        return 2
    except InvalidInput as wrong:
        print(*wrong.problems.values(), sep="\n", file=sys.stderr)
        return 2
    except plot.NoPlot as missing:
        print(missing, file=sys.stderr)
        return 2
    if not live and (unread := cast.unread(policy)):
        print(unread, file=sys.stderr)
    names = {person.id: person.name for person in directory_of.people.values()}
    tally = simulate(policy, directory_of, plan, processes=processes or os.cpu_count() or 1)
    note = (
        f"{plan.incidents:,} incidents over {plan.days} days from {plan.since.astimezone(where):%d %B %Y}, seed {plan.seed}, "
        f"zone {plan.zone}; policy {policy.version[:12]}. How people answer is assumed, not measured."
    )
    if form == "json":
        told = reckoning.as_json(tally, policy, names, per_day=per_day)
        print(json.dumps({"plan": note, **told}, indent=2))
    else:
        print(*wrap(note, reckoning.WIDTH), "", sep="\n")
        print(*reckoning.lines(tally, policy, names, per_day=per_day), sep="\n")
    if picture is None:
        return 0
    try:
        plot.draw(Path(picture), tally, policy, names, per_day=per_day, note=note)
    except OSError as error:
        print(f"{picture} cannot be written ({error.strerror}). Name another file.", file=sys.stderr)
        return 2
    print(f"Picture: {picture}", file=sys.stderr)
    return 0


def _midnight(now: datetime, where: ZoneInfo) -> datetime:
    """Return the beginning of today, so that the same command gives the same numbers all day."""
    return now.astimezone(where).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def _within(name: str, value: Number, most: int) -> Number:
    if not 0 < value <= most:
        raise InvalidInput({name: f"--{name} {value:g} is out of range. Give 1 to {most:,}."})
    return value


def _mix(said: str) -> dict[Severity, float]:
    if not said:
        return dict(USUAL_MIX)
    try:
        return reckoning.mix(said)
    except (KeyError, ValueError):
        example = "sev1=3%,sev2=12%,sev3=30%,sev4=35%,sev5=20%"
        raise InvalidInput({"mix": f"{said!r} is no mix. Write it like {example}."}) from None
