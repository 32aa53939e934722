"""Who is really there: the people behind a pack as Slack knows them now, and who is on duty as the database knows it."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

import aiohttp
from slack_sdk.errors import SlackClientError

from bot import slack
from bot.cli.audit import ask, opened
from bot.cli.policy.versions import workspace_of
from bot.clock import system_clock
from bot.domain import roles
from bot.domain.errors import NotFound
from bot.domain.policy import Policy
from bot.domain.roles import Directory
from bot.engine.caller import Caller
from bot.engine.counts import Counts
from bot.engine.hello import who_am_i
from bot.engine.lookup import Lookup
from bot.engine.pacing import Pacing
from bot.settings import HalfConfigured, Settings
from bot.slack import SlackDoor
from storage import people
from storage.database import StorageError

_NOBODY = Directory(people={}, references={})


def there(policy: Policy, now: datetime) -> Directory:
    """Return whom the pack's references mean in the workspace of the settings, by asking Slack; nothing is changed.

    Places taken and calendar feeds come from the database, where there is one. Raises `HalfConfigured` when Slack cannot be
    asked.
    """
    settings = Settings.load()
    settings.require(None)
    known = _NOBODY
    with suppress(StorageError, NotFound), opened() as db:
        db.check()
        known = ask(db, people.directory, workspace_of(db, None), now)
    return asyncio.run(as_slack_says(settings, policy, replace(_NOBODY, duty=known.duty)))


async def as_slack_says(settings: Settings, policy: Policy, directory: Directory) -> Directory:
    """Return a directory with the people behind a pack as Slack knows them now."""
    assert settings.bot_token is not None, "the settings were found complete"
    door = SlackDoor(slack.connect(settings.bot_token.get_secret_value().strip(), settings.api_url))
    try:
        me = await who_am_i(door)
        look = Lookup(Caller(door, me.team, system_clock, Pacing(), Counts()), me)
        await look.up(roles.references(policy, directory.duty))
    except (SlackClientError, aiohttp.ClientError, OSError, TimeoutError) as error:
        raise HalfConfigured(f"Slack stumbled ({type(error).__name__}): ask again in a minute.") from None
    finally:
        await door.close()
    return replace(
        directory,
        people={**directory.people, **look.people},
        references={**directory.references, **look.found},
    )
