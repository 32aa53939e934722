from functools import partial
from pathlib import Path

import pytest

from bot.slack import SlackDoor
from tests.crash.outcome import Outcome
from tests.faults import whole_story
from tests.faults.conftest import Note
from tests.harness.disturbing import TROUBLES, Disturbance, Trouble, delivered, redrawn
from tests.harness.story import telling

pytestmark = pytest.mark.fault

TABLE = "One method fails once on each of its calls, in a whole incident"
# Real seconds that the bot waits for an answer, in place of ten, and Slack for the bot's, in place of three.
PATIENCE = 0.5
# So many calls are answered too late; each costs real time.
MOST_LATE = 8

# What the courier does is tried again by the courier.
SENT = (
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
# What is shown at once fails before the eyes of somebody who tries again.
SHOWN = {
    "views.open": "the person's next try",
    "views.update": "the person's next answer",
    "views.publish": "Slack's next try",
    "response_url": "at once, beside it",
}
# What is asked only after an ambiguous answer, and the calls that are answered ambiguously.
LOOKED_AT = {
    "conversations.history": "chat.postMessage",
    "conversations.open": "chat.postMessage",
    "bookmarks.list": "bookmarks.add",
    "users.conversations": "conversations.create",
}
AT_THE_START = {"auth.test", "apps.connections.open", "users.list", "users.conversations"}

UNDISTURBED: dict[str, Outcome] = {}


async def undisturbed(home: Path) -> Outcome:
    """Return how the story ends when nothing fails; told once in a process."""
    if not UNDISTURBED:
        async with telling(home) as story:
            await whole_story.tell(story)
            UNDISTURBED[""] = await whole_story.ending(story)
    return UNDISTURBED[""]


async def test_the_matrix_knows_every_method_that_the_story_uses(tmp_path: Path) -> None:
    async with telling(tmp_path) as story:
        await whole_story.tell(story)
        used = {call.method for call in story.sandbox.calls}
    assert used - AT_THE_START == {*SENT, *SHOWN} - {"response_url"}


async def endures(home: Path, note: Note, *disturbances: tuple[str, Trouble]) -> None:
    """Tell the whole story while these fail, and see that it ends as it should."""
    wanted = await undisturbed(home)
    async with telling(home, database_url=f"sqlite:///{home / 'disturbed.db'}") as story:
        late = any(trouble == "timeout" for _, trouble in disturbances)
        story.sandbox.delivery.patience = PATIENCE if late else 3.0
        most = MOST_LATE if late else 1000
        made = [
            Disturbance(story.sandbox, method, trouble, patience=PATIENCE, most=most)
            for method, trouble in disturbances
        ]
        await whole_story.tell(story)
        found = await whole_story.ending(story)
        waits = await story.reads(delivered)
        worst = max(waits.worst, redrawn(story.sandbox.calls))

    assert found.differences(wanted) == []
    assert not found.unsettled
    assert all(one.struck for one in made), "a fault that never strikes proves nothing"
    method, trouble = disturbances[-1]
    note(
        TABLE,
        method=method,
        trouble=trouble.replace("_", " "),
        struck=made[-1].struck,
        late=waits.late if method not in SHOWN else "-",
        recovered_after=SHOWN.get(method) or f"{worst.total_seconds():.0f} s",
        lost=0,
        doubled=0,
    )


@pytest.fixture
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.app.SlackDoor", partial(SlackDoor, timeout=PATIENCE))


@pytest.mark.promise("M-01", "S3-25")
@pytest.mark.usefixtures("short_patience")
@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("method", SENT)
async def test_what_the_courier_sends_arrives_once_whatever_fails(
    tmp_path: Path, note: Note, method: str, trouble: Trouble
) -> None:
    await endures(tmp_path, note, (method, trouble))


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("method", SHOWN)
async def test_who_was_shown_a_failure_tries_again_and_nothing_happens_twice(
    tmp_path: Path, note: Note, method: str, trouble: Trouble
) -> None:
    await endures(tmp_path, note, (method, trouble))


@pytest.mark.parametrize("trouble", [trouble for trouble in TROUBLES if trouble != "timeout"])
@pytest.mark.parametrize("method", LOOKED_AT)
async def test_looking_after_an_ambiguous_answer_may_fail_too(
    tmp_path: Path, note: Note, method: str, trouble: Trouble
) -> None:
    await endures(tmp_path, note, (LOOKED_AT[method], "abort_after"), (method, trouble))
