from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.slack import SlackDoor
from tests.crash.outcome import Outcome, outcome
from tests.faults import whole_story
from tests.harness.disturbing import TROUBLES, Disturbance, Trouble, delivered
from tests.harness.story import Story, telling

pytestmark = pytest.mark.fault

TITLE = "Every call of a method fails once, in a whole incident"
# Real seconds that the bot waits for an answer here, in place of ten.
PATIENCE = 0.4
# What the courier says and does: it tries again by itself.
COURIER = (
    "conversations.create",
    "conversations.setTopic",
    "conversations.setPurpose",
    "conversations.invite",
    "conversations.archive",
    "bookmarks.add",
    "pins.add",
    "chat.postMessage",
    "chat.update",
)
# What is shown at once, to a person who is there to press again.
SHOWN = ("views.open", "views.update", "views.publish")
USED_AT_THE_START = frozenset({"auth.test", "users.conversations", "users.lookupByEmail", "apps.connections.open"})


@pytest.fixture(scope="module")
def undisturbed() -> dict[str, Outcome]:
    return {}


async def the_undisturbed(known: dict[str, Outcome], home: Path) -> Outcome:
    if "outcome" not in known:
        async with telling(home / "undisturbed") as story:
            await whole_story.tell(story)
            known["outcome"] = await outcome(story)
    return known["outcome"]
