from collections import Counter
from collections.abc import Iterator
from typing import Any

from blocks import ids
from bot.domain.items import ItemKind
from bot.usecases import items as answering
from tests.harness.story import Story

SEV1 = {"Business": "4", "Users": "4", "Data": "0", "Regulatory": "0"}
HOURS = 3
# Four ladders climb, round after round, and then sound the alarm: some 300 messages. Each is drawn again when its people are
# passed over and when they are asked once more.
MOST_UPDATES = 500


async def test_three_silent_hours_redraw_only_what_reads_differently_and_one_answer_ends_every_copy(
    story: Story,
) -> None:
    opened = await story.opens("ana", "Checkout is down", **SEV1)
    await story.minutes_pass(60 * HOURS)

    assert len(story.calls("chat.update")) <= MOST_UPDATES
    stands: dict[tuple[str, str], Any] = {}
    for call in _drawings(story):
        where, looks = (call.answer["channel"], call.answer["ts"]), (call.args["text"], call.args["blocks"])
        assert stands.get(where) != looks, f"drawn again as it was: {call.args['text']}"
        stands[where] = looks

    offers = Counter(_offers(story))
    assert offers
    assert max(offers.values()) == 2, (
        "in each place a page and its nag, or a page and the alarm, and none before"
    )

    pages = [item for item in await story.items() if item.kind is ItemKind.ACKNOWLEDGE]
    assert len(pages) == 4
    for page in pages:
        await story.asks(answering.acknowledge, page.id, by=opened.opened_by)
    assert list(_offers(story)) == []


def _drawings(story: Story) -> Iterator[Any]:
    return (c for c in story.sandbox.calls if c.ok and c.method in ("chat.postMessage", "chat.update"))


def _offers(story: Story) -> Iterator[tuple[str, str]]:
    """Yield where each button stands that takes a page, and which page."""
    for channel in story.sandbox.workspace.channels.values():
        for message in channel.messages.values():
            for element in (e for block in message.blocks for e in block.get("elements", ())):
                if str(element.get("action_id", "")).startswith(ids.ACKNOWLEDGE):
                    yield channel.id, element["value"]
