from pathlib import Path

from slack_bolt.authorization import AuthorizeResult

from bot import listeners, slack
from tests.listeners.door import Door, command

REFUSED = "nothing was changed"


def asked(door: Door) -> int:
    return sum(call.method == "auth.test" for call in door.sandbox.calls)


def token(door: Door, *, is_good: bool) -> None:
    """Let Slack refuse the bot's token from now on, or take it again."""
    door.sandbox.dispatch._bot_token = door.sandbox.bot_token if is_good else "xoxb-of-another-day"


async def lists(door: Door, trigger: str) -> str:
    return str((await door.receives(command("list", trigger=trigger))).body)


async def test_who_the_bot_is_is_asked_once_more_after_the_token_was_refused(door: Door) -> None:
    await lists(door, "1.1")
    assert asked(door) == 1

    token(door, is_good=False)
    assert REFUSED in str((await door.receives(command("open", trigger="1.2"))).body)
    assert "No incident is open" in await lists(door, "1.3"), "what needs no Slack goes on"
    assert asked(door) == 2

    token(door, is_good=True)
    await lists(door, "1.4")
    await lists(door, "1.5")
    assert asked(door) == 3, "a mended token is believed"
    door.sandbox.violations.clear()


async def test_what_the_start_learnt_is_not_asked_again(door: Door, tmp_path: Path) -> None:
    web = slack.connect(door.sandbox.bot_token, door.sandbox.api_url)
    known = AuthorizeResult(
        enterprise_id=None, team_id="T0ACME", bot_user_id="U0TOCSIN", bot_token=door.sandbox.bot_token
    )
    door.app = listeners.build(
        door.deps, token=door.sandbox.bot_token, signing_secret="s", web=web, known=known
    )
    await lists(door, "1.1")
    assert asked(door) == 0
    assert web.session is not None
    await web.session.close()
