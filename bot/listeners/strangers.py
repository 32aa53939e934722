"""Who somebody is whom the roster does not name: Slack is asked, because only people of this workspace may act or be asked."""

import asyncio

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.domain.incident import UserId, Workspace
from bot.listeners.deps import Deps
from bot.usecases import people

# Seconds for asking Slack about somebody, out of the three that a person has.
ASKING = 1.0
UNKNOWN = frozenset({"user_not_found", "user_not_visible"})
# What Slack says of apps, leavers, guests and people of other companies.
NOT_ONE_OF_US = ("is_bot", "deleted", "is_stranger", "is_restricted", "is_ultra_restricted")


async def is_one_of_us(deps: Deps, user: UserId, workspace: Workspace) -> bool | None:
    """Say whether somebody is an active person of this workspace; None when Slack does not say in time.

    Whoever asks decides what that means: who holds no role decides nothing, and an incident must not wait for Slack.
    """
    person = await deps.db.read(people.person, user, workspace=workspace)
    if person is not None:
        return person.may_act
    try:
        async with asyncio.timeout(ASKING):
            told = await deps.web.users_info(user=user)
    except SlackApiError as error:
        return False if error.response.get("error") in UNKNOWN else None
    except (TimeoutError, OSError, ClientError, SlackClientError):
        return None
    found = told.get("user") or {}
    home = found.get("team_id")
    foreign = bool(home) and home != workspace.team_id and "enterprise_user" not in found
    return not foreign and not any(found.get(mark) for mark in NOT_ONE_OF_US)
