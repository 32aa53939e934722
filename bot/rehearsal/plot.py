"""A simulation as one picture: four small charts, labelled where one looks, titled with what they show."""

from collections.abc import Mapping
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from textwrap import fill
from typing import Any

from bot.domain.incident import Severity, UserId
from bot.domain.policy import Policy
from bot.domain.timeline import span
from bot.rehearsal.counting import Tally, percentile
from bot.rehearsal.habits import NIGHT
from bot.rehearsal.reckoning import by_rung, finding, per_night

MISSING = "A plot needs matplotlib: pip install 'tocsin[plot]'"

# Okabe and Ito: told apart by everybody, whatever colours they see.
_COLOURS = {
    Severity.SEV1: "#D55E00", Severity.SEV2: "#E69F00", Severity.SEV3: "#009E73", Severity.SEV4: "#0072B2",
    Severity.SEV5: "#56B4E9",
}  # fmt: skip
_BAR, _QUIET, _INK, _SHADE = "#0072B2", "#B8C4CE", "#222222", "#EEF1F4"
_GREY = "#555555"
_TICKS = {60: "1 min", 600: "10 min", 3600: "1 h", 12 * 3600: "12 h", 5 * 86400: "5 d"}
_SHARES = (0.5, 0.9, 0.99)
_SHORTEST = 45.0
_PEOPLE = 10


class NoPlot(Exception):
    """Matplotlib is not installed; says how to get it."""


def require() -> None:
    """Raise `NoPlot` where matplotlib is not installed, before somebody waits for nothing."""
    if find_spec("matplotlib") is None:
        raise NoPlot(MISSING)


def draw(
    path: Path, tally: Tally, policy: Policy, names: Mapping[UserId, str], *, per_day: float, note: str
) -> None:
    """Write the picture as a PNG; raises `NoPlot` without matplotlib, `OSError` where it cannot be written."""
    require()
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    plain: Any = {
        "font.size": 10, "axes.spines.top": False, "axes.spines.right": False, "text.color": _INK,
        "axes.edgecolor": _QUIET, "xtick.color": _INK, "ytick.color": _INK, "axes.titlesize": 11,
        "axes.titleweight": "bold", "axes.titlelocation": "left", "axes.axisbelow": True, "figure.dpi": 144,
    }  # fmt: skip
    with matplotlib.rc_context(plain):
        figure, ((soon, rungs), (nights, clock)) = pyplot.subplots(2, 2, figsize=(11, 8))
        _soon(soon, tally)
        _rungs(rungs, tally)
        _nights(nights, tally, names, per_day)
        _clock(clock, tally, per_day)
        figure.text(
            0.03,
            0.965,
            fill(finding(tally, names, per_day=per_day), 88),
            fontsize=14,
            weight="bold",
            va="top",
        )
        figure.text(0.03, 0.015, note, fontsize=8.5, color=_GREY)
        figure.subplots_adjust(left=0.08, right=0.97, top=0.84, bottom=0.10, hspace=0.36, wspace=0.40)
        figure.savefig(path, format="png")
        pyplot.close(figure)


def _soon(axes: Any, tally: Tally) -> None:
    axes.set_title("How soon pages are answered")
    levels = sorted(tally.seconds, reverse=True)
    points = {
        level: [max(_SHORTEST, percentile(tally.seconds[level], share)) for share in _SHARES]
        for level in levels
    }
    plainest = max(levels, key=lambda level: _apart(points[level]), default=None)
    for place, level in enumerate(levels):
        found, colour = points[level], _COLOURS[level]
        axes.plot([found[0], found[-1]], [place, place], color=colour, linewidth=2.5, alpha=0.45, zorder=1)
        axes.scatter(found, [place] * 3, s=[70, 45, 25], color=colour, zorder=2)
        for point, name in zip(found, ("half: ", "90%: ", "99%: "), strict=True):
            if level is plainest or point != found[1]:
                label = span(timedelta(seconds=_rounded(point)))
                _below(axes, f"{name if level is plainest else ''}{label}", point, place)
    axes.set_yticks(range(len(levels)), [level.name for level in levels])
    axes.set_ylim(-0.6, len(levels) - 0.4)
    axes.set_xscale("log")
    axes.set_xlim(_SHORTEST, 9 * 86400)
    axes.set_xticks(list(_TICKS), list(_TICKS.values()))
    axes.minorticks_off()
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=_SHADE, zorder=0)


def _below(axes: Any, words: str, x: float, y: float) -> None:
    axes.annotate(words, (x, y), xytext=(0, -15), textcoords="offset points", ha="center", fontsize=8.5)


def _apart(points: list[float]) -> float:
    """Return how far apart three points are on the axis, where they are nearest."""
    return min(points[1] / points[0], points[2] / points[1])


def _rounded(seconds: float) -> float:
    """Leave out what nobody reads: seconds of minutes, minutes of many hours."""
    step = 1 if seconds < 60 else 60 if seconds < 3 * 3600 else 3600
    return round(seconds / step) * step


def _rungs(axes: Any, tally: Tally) -> None:
    axes.set_title("Who answers them")
    shares = by_rung(tally)
    colours = [_BAR if "rung" in name else "#D55E00" for name, _ in shares]
    _bars(axes, [name for name, _ in shares], [share for _, share in shares], colours, "{:.1%}")


def _nights(axes: Any, tally: Tally, names: Mapping[UserId, str], per_day: float) -> None:
    axes.set_title(f"Calls a night to each person, at {per_day:g} incidents a day")
    most = tally.at_night.most_common(_PEOPLE)
    values = [per_night(tally, user, per_day) for user, _ in most]
    _bars(axes, [names.get(user, user) for user, _ in most], values, [_BAR] * len(values), "{:.2f}")


def _clock(axes: Any, tally: Tally, per_day: float) -> None:
    dark = [hour for hour in range(24) if hour >= NIGHT[0].hour or hour < NIGHT[1].hour]
    share = sum(tally.hours[hour] for hour in dark) / max(1, tally.hours.total())
    axes.set_title(f"When people are called: {share:.0%} at night (blue)")
    days = tally.incidents.total() / per_day
    calls = [tally.hours[hour] / days for hour in range(24)]
    axes.bar(range(24), calls, color=[_BAR if hour in dark else _QUIET for hour in range(24)], width=0.8)
    axes.set_xticks([0, 6, 12, 18, 23], ["00", "06", "12", "18", "23"])
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    busiest = max(range(24), key=calls.__getitem__)
    axes.text(busiest, calls[busiest] + max(calls) * 0.02, f"{calls[busiest]:.2f} a day", ha="center")
    axes.set_xlim(-0.5, 23.5)
    axes.set_ylim(0, max(calls) * 1.22)


def _bars(axes: Any, names: list[str], values: list[float], colours: list[str], form: str) -> None:
    places = list(range(len(names)))[::-1]
    axes.barh(places, values, color=colours, height=0.62)
    most = max(values, default=1) or 1
    for place, value in zip(places, values, strict=True):
        axes.text(value + most * 0.015, place, form.format(value), va="center")
    axes.set_yticks(places, names)
    axes.tick_params(axis="y", length=0)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.set_xlim(0, most * 1.16)
