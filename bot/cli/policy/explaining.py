"""`tocsin policy explain`: a case as a timeline, by the rules that run in production."""

import json
import sys
from datetime import datetime

from bot.cli.policy import pack
from bot.cli.policy.people import there
from bot.domain.errors import InvalidInput
from bot.rehearsal import cast, text
from bot.rehearsal.explaining import explained
from bot.rehearsal.words import Words
from bot.settings import HalfConfigured


def run(
    directory: str | None,
    words: Words,
    *,
    now: datetime,
    form: str = "text",
    full: bool = False,
    live: bool = False,
) -> int:
    """Print the timeline; 1 for a pack that cannot be used, 2 for a case that cannot be meant or people not asked for."""
    policy = pack.given(directory)
    if policy is None:
        return 1
    try:
        people = there(policy, now) if live else cast.of_pack(policy)
        found = explained(words, policy, people, now)
    except HalfConfigured as missing:
        print(f"--live asks your workspace. {missing}", file=sys.stderr)
        return 2
    except InvalidInput as wrong:
        print(*wrong.problems.values(), sep="\n", file=sys.stderr)
        return 2
    if not live and (note := cast.unread(policy)):
        print(note, file=sys.stderr)
    if form == "json":
        print(json.dumps(text.as_json(found.timeline, found.zone), indent=2))
    else:
        print(*text.lines(found.timeline, policy, found.zone, full=full), sep="\n")
    return 0
