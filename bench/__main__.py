"""`python -m bench [NAME ...] [--json FILE]`: measure, show the table, write the JSON."""

import argparse
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

from bench import table
from bench.figures import Figure

RESULTS = Path(__file__).parent / "results" / "bench.json"
MEASURES = {
    "start": "start to ready, and memory when idle",
    "tick": "an idle tick with a thousand and a million pending timers",
    "opening": "one opening: its Slack calls, and when its channel is there",
    "crowd": "fifty openings at once",
    "acknowledge": "the round trip of a click on Acknowledge",
    "storm": "ten thousand items due at once, and due while the bot was down",
    "policy": "the pack read, a case explained, ten thousand incidents simulated",
    "tiers": "fifty openings at once under Slack's rate tiers",
}


def main() -> int:
    """Run the measures that were named, or all; the exit code tells whether every one could be taken."""
    options = _options()
    measured: dict[str, list[Figure]] = {}
    failed: dict[str, str] = {}
    for name in options.names or MEASURES:
        print(f"{name}: {MEASURES[name]}", flush=True)
        began, measured[name] = time.perf_counter(), []
        measure: Callable[[], Iterator[Figure]] = import_module(f"bench.{name}").measure
        try:
            for figure in measure():
                measured[name].append(figure)
                if sys.stderr.isatty():
                    print(f"\r{len(measured[name]):>4} figures", end="\r", file=sys.stderr)
        except Exception:
            failed[name] = traceback.format_exc()
        print(*table.lines(measured[name]), sep="\n")
        print(f"  ({time.perf_counter() - began:.0f} s)\n", flush=True)
        if name in failed:
            print(f"{name} could not be measured:\n{failed[name]}", file=sys.stderr)
        table.write(options.json, measured, failed)
    print("  ".join(f"{name} {value}" for name, value in table.machine().items()))
    print(f"written to {options.json}")
    return 1 if failed else 0


def _options() -> argparse.Namespace:
    names = "\n".join(f"  {name:<12} {what}" for name, what in MEASURES.items())
    parser = argparse.ArgumentParser(
        prog="bench",
        description=f"Measure Tocsin.\n\n{names}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "names", nargs="*", metavar="NAME", choices=[*MEASURES, []], help="what to measure (all)"
    )
    parser.add_argument("--json", type=Path, default=RESULTS, metavar="FILE", help="where the JSON goes")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
