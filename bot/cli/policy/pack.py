"""The pack that a command is about."""

import sys
from pathlib import Path

from bot import packs
from bot.domain.policy import Policy


def given(directory: str | None) -> Policy | None:
    """Return the policy of a folder, or the default one; None for a pack that cannot be used, once its mistakes are printed."""
    try:
        return packs.load(Path(directory) if directory else packs.DEFAULT)
    except packs.PackError as error:
        print(error, file=sys.stderr)
        return None
