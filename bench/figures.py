"""The numbers of a measure, and the few statistics made of them."""

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table.

    ``aim`` is what the value should stay at or below (``at_least``: reach), None where nothing is asked.
    ``runs`` are the values of the single runs, of which ``value`` is the median.
    """

    name: str
    value: float
    unit: str
    aim: float | None = None
    at_least: bool = False
    runs: tuple[float, ...] = ()
    note: str = ""

    @property
    def is_met(self) -> bool | None:
        """Whether the aim is met; None where there is none."""
        if self.aim is None:
            return None
        return self.value >= self.aim if self.at_least else self.value <= self.aim


def percentile(values: Iterable[float], share: float) -> float:
    """Return the smallest value that at least ``share`` (0 to 1) of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else math.nan


def median_of(
    name: str,
    runs: Sequence[float],
    unit: str,
    *,
    aim: float | None = None,
    at_least: bool = False,
    note: str = "",
) -> Figure:
    """Return the figure of several runs: their median, with the runs kept beside it."""
    return Figure(
        name=name,
        value=statistics.median(runs),
        unit=unit,
        aim=aim,
        at_least=at_least,
        runs=tuple(runs) if len(runs) > 1 else (),
        note=note,
    )
