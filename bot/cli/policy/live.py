"""What the workspace says of a pack: `tocsin policy check --live`. It only looks."""

import asyncio
from dataclasses import replace

import aiohttp
from slack_sdk.errors import SlackClientError

from bot import slack
from bot.cli.channels import joined
from bot.clock import system_clock
from bot.domain.policy import Policy
from bot.engine.caller import Caller
from bot.engine.counts import Counts
from bot.engine.hello import who_am_i
from bot.engine.lookup import Lookup
from bot.engine.pacing import Pacing
from bot.packs import Checked
from bot.packs.workspace import Behind, Seen, compare, references
from bot.settings import HalfConfigured, Settings
from bot.slack import SlackDoor


class NotAsked(Exception):
    """The workspace cannot be asked; the sentence says what to do."""


def compared(checked: Checked) -> Checked:
    """Return what was found in the pack together with what the workspace lacks.

    Raises `NotAsked` when there is no token, or Slack refuses it or cannot be reached.
    """
    assert checked.policy is not None, "a pack that cannot be used is not compared with anything"
    seen = asyncio.run(_seen(checked.policy))
    more = compare(checked.policy, checked.document, seen)
    return replace(checked, problems=tuple(sorted((*checked.problems, *more))))


async def _seen(policy: Policy) -> Seen:
    try:
        settings = Settings.load()
        settings.require(None)
        assert settings.bot_token is not None, "require says what is missing"
        door = SlackDoor(slack.connect(settings.bot_token.get_secret_value().strip(), settings.api_url))
    except HalfConfigured as error:
        raise NotAsked(f"--live asks your workspace. {error}") from None
    try:
        me = await who_am_i(door)
        look = Lookup(Caller(door, me.team, system_clock, Pacing(), Counts()), me)
        await look.up({name.lower() for _, name in references(policy)})
        channels = await joined(door)
    except HalfConfigured as error:
        raise NotAsked(str(error)) from None
    except (SlackClientError, aiohttp.ClientError, OSError, TimeoutError) as error:
        raise NotAsked(f"Slack stumbled ({type(error).__name__}): ask again in a minute.") from None
    finally:
        await door.close()
    refused = ", ".join(f"{method}: {never.reason}" for method, never in sorted(look.refused.items()))
    return Seen(
        references={name: _behind(name, look) for name in look.found},
        channels=channels if isinstance(channels, frozenset) else None,
        why=refused or (channels if isinstance(channels, str) else "Slack asks for patience"),
    )


def _behind(name: str, look: Lookup) -> Behind:
    people = [look.people[user] for user in look.found[name] if user in look.people]
    return Behind(found=len(people), askable=sum(person.may_act for person in people))
