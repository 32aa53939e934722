from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.engine.counts import Counts
from bot.engine.inbox import ATTEMPTS, KEPT, UNTOUCHED, Sweep
from storage import inbox
from storage.database import Tx
from tests.engine.acme import Acme

PAYLOAD = {"type": "event_callback", "event_id": "Ev1", "event": {"type": "message"}}


class Listener:
    """Handles events as the test says, and keeps them."""

    def __init__(self, *answers: bool | Exception) -> None:
        self.answers = list(answers)
        self.heard: list[Mapping[str, Any]] = []

    async def __call__(self, payload: Mapping[str, Any]) -> bool:
        self.heard.append(payload)
        answer = self.answers.pop(0) if self.answers else True
        if isinstance(answer, Exception):
            raise answer
        return answer


async def stored(workspace: Acme, listener: Listener) -> Sweep:
    """Store an event as if the bot had died before it was handled."""
    bot = workspace.bot
    await bot.db.run(inbox.store_event, "event:Ev1", PAYLOAD, workspace.clock(), workspace=bot.workspace)
    return Sweep(bot.db, workspace.clock, Counts(), listener)


def _is_stored(tx: Tx, workspace: Acme) -> bool:
    return not inbox.store_event(tx, "event:Ev1", PAYLOAD, workspace.clock())


async def test_an_event_left_lying_is_taken_up_once(workspace: Acme) -> None:
    listener = Listener()
    sweep = await stored(workspace, listener)
    await sweep.run()
    assert listener.heard == [], "whoever stored it may still be at it"

    workspace.clock.skip(UNTOUCHED)
    assert await sweep.run()
    assert not await sweep.run()

    assert listener.heard == [PAYLOAD]


async def test_an_event_that_fails_is_tried_again_and_given_up_in_the_end(workspace: Acme) -> None:
    answers: list[bool | Exception] = [False, RuntimeError("no")]
    listener = Listener(*answers * ATTEMPTS)
    sweep = await stored(workspace, listener)
    for _ in range(ATTEMPTS + 3):
        workspace.clock.skip(UNTOUCHED)
        await sweep.run()

    assert len(listener.heard) == ATTEMPTS


async def test_keys_are_forgotten_only_when_slack_cannot_send_them_again(workspace: Acme) -> None:
    sweep = await stored(workspace, Listener())
    workspace.clock.skip(UNTOUCHED)
    await sweep.run()
    await sweep.prune()
    assert await workspace.bot.db.run(_is_stored, workspace)

    workspace.clock.skip(KEPT + timedelta(minutes=1))
    await sweep.prune()
    assert not await workspace.bot.db.run(_is_stored, workspace)
