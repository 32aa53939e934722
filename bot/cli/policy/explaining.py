"""`tocsin policy explain`: a case as a timeline, by the rules that run in production."""

import json
import sys
from datetime import datetime
from pathlib import Path

from bot import packs
from bot.domain.errors import InvalidInput
from bot.rehearsal import cast, text
from bot.rehearsal.explaining import explained
from bot.rehearsal.words import Words


def run(directory: str | None, words: Words, *, now: datetime, form: str = "text", full: bool = False) -> int:
    """Print the timeline; 1 for a pack that cannot be used, 2 for a case that cannot be meant."""
    try:
        policy = packs.load(Path(directory) if directory else packs.DEFAULT)
    except packs.PackError as error:
        print(error, file=sys.stderr)
        return 1
    try:
        found = explained(words, policy, cast.of_pack(policy), now)
    except InvalidInput as wrong:
        print(*wrong.problems.values(), sep="\n", file=sys.stderr)
        return 2
    if form == "json":
        print(json.dumps(text.as_json(found.timeline, found.zone), indent=2))
    else:
        print(*text.lines(found.timeline, policy, found.zone, full=full), sep="\n")
    return 0
