"""`tocsin policy check` and `init`: check a pack, start one of your own."""

import shutil
import sys
from importlib.metadata import version
from pathlib import Path

from bot import packs
from bot.clock import system_clock
from bot.packs import report


def check(directory: str, format: str = "text", *, live: bool = False) -> int:
    """Print every problem with file and line, and with ``live`` what the workspace says of the roster and the channels.

    Returns 0 when the pack can be used (warnings do not matter), 1 when it cannot, 2 when the workspace cannot be asked.
    """
    checked = packs.check(Path(directory), system_clock().date())
    if live and checked.policy is not None:
        from bot.cli.policy import live as workspace

        try:
            checked = workspace.compared(checked)
        except workspace.NotAsked as error:
            print(error, file=sys.stderr)
            return 2
    ok = not checked.errors
    if format == "json":
        print(report.as_json(directory, checked))
    elif format == "sarif":
        print(report.as_sarif(directory, checked, version("tocsin")))
    else:
        print(report.text(directory, checked), file=sys.stdout if ok else sys.stderr)
    return 0 if ok else 1


def init(directory: str) -> int:
    """Copy the default pack; never over anything that is there."""
    target = Path(directory)
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        print(
            f"{directory} is there already. Name a new folder, for example: tocsin policy init policy",
            file=sys.stderr,
        )
        return 2
    try:
        shutil.copytree(packs.DEFAULT, target, dirs_exist_ok=True)
    except OSError as error:
        print(f"{directory} cannot be written ({error.strerror}). Name another folder.", file=sys.stderr)
        return 2
    print(f"Wrote the default pack to {directory}. Put your people into {directory}/roster.yaml, then run:")
    print(f"  tocsin policy check {directory}\n  TOCSIN_POLICY={directory} tocsin run")
    return 0
