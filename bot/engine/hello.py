"""The first call: whose token this is."""

import asyncio

from bot.engine.deliveries.job import Me
from bot.settings import HalfConfigured
from bot.slack import Later, Never, Sent, SlackDoor

PATIENCE = 10.0
_REFUSED = (
    "Slack refuses SLACK_BOT_TOKEN ({}): copy the current one from your app's page, OAuth & Permissions."
)


async def who_am_i(door: SlackDoor) -> Me:
    """Ask Slack who the bot is; waits a little where Slack is slow to answer.

    Raises:
        HalfConfigured: the token is refused, or Slack cannot be reached.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + PATIENCE
    while True:
        match await door.call("auth.test"):
            case Sent(response=said):
                return Me(
                    team=str(said["team_id"]),
                    user=str(said["user_id"]),
                    bot=said.get("bot_id"),
                    enterprise=said.get("enterprise_id") or None,
                    url=str(said.get("url") or "https://slack.com/"),
                )
            case Never(reason=reason):
                raise HalfConfigured(_REFUSED.format(reason))
            case Later(why=why, reached=True, limited=False):
                raise HalfConfigured(_REFUSED.format(why))
            case Later(why=why, after=after) if loop.time() + after > end:
                raise HalfConfigured(f"Slack cannot be reached ({why}): check the network and SLACK_API_URL.")
            case Later(after=after):
                await asyncio.sleep(after)
