from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain import approvals, closure, reopening
from bot.domain.decision import Decision, NoticeKind, TimerKind
from bot.domain.errors import IllegalMove, InvalidInput, NotAllowed, NotNow
from bot.domain.incident import ChannelId, ChannelState, Closure, Incident, Severity, Stage, Status
from bot.domain.items import Item, ItemKind, ItemState
from tests.domain.acme import NINE, POLICY, after, at, directory, facts, incident, proposal, said_to, user


def answers(by: str = "ivan", **changes: Any) -> Closure:
    made = Closure(
        cause="a full disk",
        cause_is_suspicion=False,
        actions_taken="grew the disk",
        verification="error rate at 0.1%, checked by eli",
        closed_by=user(by),
        asked_at=NINE,
    )
    return replace(made, **changes)


def ask(
    subject: Incident, by: str = "ivan", items: tuple[Item, ...] = (), now: datetime = NINE, **changes: Any
) -> Decision:
    return closure.ask_close(subject, items, POLICY, directory(), answers(by, **changes), now=now)


def approve(
    subject: Incident,
    items: tuple[Item, ...],
    item: Item,
    by: str,
    now: datetime = NINE,
    verdict: str = "approve",
    reason: str = "",
) -> Decision:
    return approvals.decide(
        subject, item, items, POLICY, directory(), by=user(by), verdict=verdict,
        digest=proposal(item).digest, reason=reason, now=now,
    )  # fmt: skip


def closed(level: Severity = Severity.SEV3, **changes: Any) -> Incident:
    return ask(incident(level, **changes), by="caro").incident


@pytest.mark.promise("S0-27")
def test_a_sev1_stays_open_until_both_approvals_are_there() -> None:
    subject = incident(Severity.SEV1)
    asked = ask(subject, by="ivan")

    (item,) = asked.items
    assert asked.incident.status is Status.OPEN
    assert [g.by for g in item.grants] == [user("ivan")], "asking is agreeing, for who holds the role"
    assert said_to(asked, NoticeKind.APPROVAL) == ["incident", "user:UTESS"]

    done = approve(subject, asked.items, item, "tess", now=at(5))
    assert done.incident.status is Status.CLOSED
    assert done.incident.closure == answers()
    assert facts(done)[-1] == "incident.closed"


def test_the_same_role_twice_is_not_two_approvals() -> None:
    subject = incident(Severity.SEV1)
    asked = ask(subject, by="ivan")

    with pytest.raises(IllegalMove, match="still needs technical lead"):
        approve(subject, asked.items, asked.items[0], "judy")
    with pytest.raises(IllegalMove, match="approved this already"):
        approve(subject, asked.items, asked.items[0], "ivan")


def test_at_sev2_the_incident_manager_does_not_close_alone() -> None:
    subject = incident(Severity.SEV2)
    asked = ask(subject, by="ivan")

    assert asked.items[0].grants == ()
    with pytest.raises(NotAllowed, match="another incident manager"):
        approve(subject, asked.items, asked.items[0], "ivan")
    assert approve(subject, asked.items, asked.items[0], "judy").incident.is_closed


def test_a_sev3_is_closed_at_once_by_the_role_that_may() -> None:
    made = ask(incident(), by="caro")

    assert made.incident.is_closed
    assert said_to(made, NoticeKind.APPROVAL) == [], "nobody is asked for what is decided"
    assert [t.kind for t in made.timers] == [TimerKind.ARCHIVE]
    assert facts(made) == ["incident.close_asked", "approval.asked", "approval.approved", "incident.closed"]


def test_a_sev4_is_closed_by_whoever_leads_it() -> None:
    subject = incident(Severity.SEV4, lead=user("suzy"))

    assert not ask(subject, by="ana").incident.is_closed
    assert ask(subject, by="suzy").incident.is_closed


@pytest.mark.parametrize("field", ["cause", "actions_taken", "verification"])
def test_each_of_the_three_answers_is_needed(field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        closure.ask_close(incident(), (), POLICY, directory(), answers(**{field: " \n"}), now=NINE)

    assert list(refused.value.problems) == [field]


def test_rejecting_a_close_leaves_the_incident_open() -> None:
    subject = incident(Severity.SEV1)
    asked = ask(subject, by="ivan")

    made = approve(subject, asked.items, asked.items[0], "tess", verdict="reject", reason="not verified")

    assert made.incident == subject
    assert made.items[0].state is ItemState.REJECTED


def test_a_close_cannot_be_rewritten_by_an_approver() -> None:
    subject = incident(Severity.SEV1)
    asked = ask(subject, by="ivan")

    with pytest.raises(NotAllowed, match="ask for the close again"):
        approve(subject, asked.items, asked.items[0], "tess", verdict="change", reason="typo")


def test_closing_cancels_whatever_is_still_owed_and_all_timers() -> None:
    subject = incident()
    reopened = reopening.reopen(
        closed(), (), POLICY, directory(), by=user("caro"), reason="again", next_step="look", now=at(10)
    )

    made = ask(reopened.incident, by="caro", items=reopened.items, now=at(20))

    owed = [i for i in after(reopened.items, made) if not i.is_over]
    assert owed == []
    assert {i.id for i in reopened.items} <= set(made.quiet)
    assert made.hush
    assert subject.status is Status.OPEN


def test_the_channel_is_archived_after_the_delay_if_it_is_still_closed() -> None:
    done = replace(closed(), channel_state=ChannelState.READY)

    made = closure.fell_due(done, TimerKind.ARCHIVE, POLICY, at(60 * 24 * 7))

    assert said_to(made, NoticeKind.ARCHIVE_CHANNEL) == ["incident"]
    for other in (
        incident(channel_state=ChannelState.READY),
        replace(done, channel_state=ChannelState.FALLBACK),
    ):
        assert closure.fell_due(other, TimerKind.ARCHIVE, POLICY, NINE).notices == ()


def test_what_is_closed_is_announced_unless_it_is_private() -> None:
    assert said_to(ask(incident(), by="caro"), NoticeKind.ANNOUNCEMENT) == ["announcements"]
    assert said_to(ask(incident(private=True), by="caro"), NoticeKind.ANNOUNCEMENT) == []


def test_closing_twice_is_refused() -> None:
    with pytest.raises(IllegalMove, match="closed already"):
        ask(closed(), by="caro")


def reopen(
    subject: Incident,
    now: datetime = NINE,
    reason: str = "errors are back",
    next_step: str = "caro checks the release",
    by: str = "caro",
) -> Decision:
    return reopening.reopen(
        subject, (), POLICY, directory(), by=user(by), reason=reason, next_step=next_step, now=now
    )


def test_reopening_revives_the_same_record_in_triage_and_asks_its_roles_again() -> None:
    first = closed(stage=Stage("review"))

    made = reopen(first, now=at(60))

    assert (made.incident.status, made.incident.stage) == (Status.OPEN, Stage("triage"))
    assert made.incident.reopened == 1
    assert made.incident.closure == first.closure
    assert made.incident.closed_at is None
    kinds = [item.kind for item in made.items]
    assert ItemKind.ACKNOWLEDGE in kinds
    (step,) = [item for item in made.items if item.kind is ItemKind.NEXT_STEP and item.is_open]
    assert step.details["text"] == "caro checks the release"
    assert made.hush, "the channel is not archived under a living incident"
    assert min(made.incident.targets.values()) > at(60)


def test_an_archived_channel_is_replaced_by_a_new_one() -> None:
    gone = replace(
        closed(),
        channel_state=ChannelState.ARCHIVED,
        channel_id=ChannelId("C1"),
        channel_name="inc-7",
        card_ts="1",
    )

    made = reopen(gone)

    assert made.incident.channel_state is ChannelState.WANTED
    assert (made.incident.channel_id, made.incident.card_ts) == (None, None)
    assert said_to(made, NoticeKind.CREATE_CHANNEL) == ["incident"]


def test_after_thirty_days_a_new_incident_is_opened_instead() -> None:
    done = closed()

    assert reopen(done, now=NINE + timedelta(days=30)).incident.status is Status.OPEN
    with pytest.raises(NotNow, match="within 30 days"):
        reopen(done, now=NINE + timedelta(days=30, seconds=1))


@pytest.mark.parametrize(("field", "empty"), [("reason", {"reason": " "}), ("next_step", {"next_step": ""})])
def test_reopening_needs_a_reason_and_a_next_step(field: str, empty: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as refused:
        reopen(closed(), **empty)

    assert list(refused.value.problems) == [field]


def test_an_open_incident_is_not_reopened() -> None:
    with pytest.raises(IllegalMove):
        reopen(incident())


def test_a_closure_survives_being_stored() -> None:
    assert closure.from_json(closure.to_json(answers())) == answers()
