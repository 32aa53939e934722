from typing import Any, cast

import pytest

from blocks import line
from bot.domain.decision import Lane, NoticeKind
from bot.domain.incident import ChannelId, IncidentId
from bot.engine.deliveries.job import Job, Me, Settled
from bot.engine.deliveries.message import redraw
from bot.slack import Later, Never, Outcome, Sent
from bot.usecases import delivery
from storage.outbox import Sending
from tests.blocks.scenes import NINE, incident, view

CHANNEL, TS = ChannelId("C0INC42"), "1795252800.000100"
SAYS = {"line": "said", "text": "The database is back."}
LOOKS = line.draw(view(), SAYS).digest


class Slack:
    """A Slack that answers every call the same, and counts them."""

    def __init__(self, answer: Outcome) -> None:
        self.answer, self.calls = answer, 0

    async def call(self, _method: str, **_args: Any) -> Outcome:
        self.calls += 1
        return self.answer


@pytest.mark.parametrize(
    ("shown", "unsure", "calls"),
    [
        pytest.param(LOOKS, False, 0, id="it stands there as it would be drawn"),
        pytest.param("something else", False, 1, id="it reads differently"),
        pytest.param(None, False, 1, id="nobody can tell what stands there"),
        pytest.param(LOOKS, True, 1, id="an earlier try may have changed it"),
    ],
)
async def test_a_copy_is_drawn_only_when_it_may_show_something_else(
    shown: str | None, unsure: bool, calls: int
) -> None:
    slack = Slack(Sent(response={"ok": True}))
    assert await redraw(_job(slack, shown, unsure=unsure)) == Settled(
        settle=delivery.sent, args=(CHANNEL, TS, LOOKS)
    )
    assert slack.calls == calls


async def test_what_a_copy_shows_that_could_not_be_changed_is_not_known() -> None:
    refused = await redraw(_job(Slack(Never(reason="is_archived")), "something else"))
    assert refused == Settled(settle=delivery.sent, args=(CHANNEL, TS))


async def test_a_redraw_that_has_to_wait_is_not_settled() -> None:
    later = Later(after=1.0, why="paced", paced=True)
    assert await redraw(_job(Slack(later), "something else")) == later


def _job(slack: Slack, shown: str | None, *, unsure: bool = False) -> Job:
    data = {"kind": NoticeKind.LINE.value, "channel": CHANNEL, "ts": TS, "data": SAYS}
    sending = Sending(
        id=1,
        fence=1,
        key="redraw/line",
        lane=Lane.NORMAL,
        kind=NoticeKind.REDRAW,
        to=f"channel:{CHANNEL}",
        workspace=incident().workspace,
        incident_id=IncidentId("0123456789abcdef"),
        item_id=None,
        data=data,
        created_at=NINE,
        attempts=1,
        unsure=unsure,
        moot=False,
        drawn_version=1,
        shown=shown,
    )
    return Job(
        sending=sending,
        view=view(),
        slack=cast(Any, slack),
        me=Me(team="T0ACME", user="U0TOCSIN"),
        channel=CHANNEL,
        fallback=None,
        now=NINE,
    )
