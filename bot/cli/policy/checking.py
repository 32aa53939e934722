"""`tocsin policy check` and `init`: check a pack, start one of your own."""

import shutil
import sys
from pathlib import Path

from bot import packs


def check(directory: str) -> int:
    """Print every mistake with file and line, or one line that the pack is good."""
    try:
        policy = packs.load(Path(directory))
    except packs.PackError as error:
        print(error, file=sys.stderr)
        return 1
    print(
        f"{directory}: ok, version {policy.version[:12]}, {len(policy.severities)} severities, {len(policy.roles)} roles"
    )
    return 0


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
