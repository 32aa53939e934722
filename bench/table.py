"""Showing the figures: as a table for people, as JSON for machines."""

import json
import math
import os
import platform
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.figures import Figure

MARKS = {True: "ok", False: "MISSED", None: ""}


def lines(figures: Sequence[Figure]) -> list[str]:
    """Return the table's lines: what, how much, the aim, whether it is met, and the spread of the runs."""
    rows = [(f.name, _value(f.value, f.unit), _aim(f), MARKS[f.is_met], _spread(f)) for f in figures]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(4)]
    return [
        f"  {name:<{widths[0]}}  {value:>{widths[1]}}  {aim:>{widths[2]}}  {mark:<{widths[3]}}  {rest}".rstrip()
        for name, value, aim, mark, rest in rows
    ]


def machine() -> dict[str, Any]:
    """Describe what the numbers were measured on."""
    return {
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "load": [round(load, 2) for load in os.getloadavg()],
    }


def write(path: Path, measures: Mapping[str, Sequence[Figure]], failed: Mapping[str, str]) -> None:
    """Write every figure, whether its aim is met, and the machine."""
    found = {
        name: [asdict(figure) | {"is_met": figure.is_met} for figure in figures]
        for name, figures in measures.items()
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        json.dumps({"machine": machine(), "measures": found, "failed": dict(failed)}, indent=2) + "\n",
        encoding="utf-8",
    )


def _aim(figure: Figure) -> str:
    if figure.aim is None:
        return ""
    return f"{'>=' if figure.at_least else '<='} {_value(figure.aim, figure.unit)}"


def _spread(figure: Figure) -> str:
    spread = f"[{_number(min(figure.runs))} .. {_number(max(figure.runs))}]" if figure.runs else ""
    return f"{spread}  {figure.note}".strip()


def _value(value: float, unit: str) -> str:
    return f"{_number(value)} {unit}".strip()


def _number(value: float) -> str:
    if math.isfinite(value) and value == int(value):
        return f"{int(value):,}"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"
