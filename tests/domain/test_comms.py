from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from bot.domain import approvals, comms, fields
from bot.domain.comms import UpdateDraft
from bot.domain.decision import CUSTOMERS, EXECUTIVES, Decision, NoticeKind
from bot.domain.errors import InvalidInput, NotAllowed, NotNow
from bot.domain.fields import Audience, Moment
from bot.domain.incident import Dimension, Incident, Severity, Stage
from bot.domain.items import Item, ItemKind, ItemState
from bot.packs import texts
from tests.domain.acme import NINE, POLICY, after, at, directory, facts, incident, proposal, said_to, user


def draft(
    audience: Audience = Audience.CUSTOMER,
    moment: Moment = Moment.OPEN,
    minutes: int | None = 20,
    **changes: Any,
) -> UpdateDraft:
    filled = {f.name: f.example for f in fields.wanted(audience, moment)}
    promised = at(minutes) if minutes is not None else None
    return UpdateDraft(audience=audience, fields={**filled, **changes}, next_update_at=promised)


def filled(name: str, said: str) -> UpdateDraft:
    made = draft()
    return replace(made, fields={**made.fields, name: said})


def post(
    subject: Incident,
    made: UpdateDraft,
    by: str,
    items: tuple[Item, ...] = (),
    now: datetime = NINE,
    text: str | None = None,
) -> Decision:
    words = text or texts.update_text(POLICY, subject, made, items=items, by=user(by))
    return comms.post_update(subject, items, POLICY, directory(), made, words, user(by), now)


def decide(
    subject: Incident,
    items: tuple[Item, ...],
    item: Item,
    by: str,
    verdict: str = "approve",
    now: datetime = NINE,
    **more: Any,
) -> Decision:
    return approvals.decide(
        subject,
        item,
        items,
        POLICY,
        directory(),
        by=user(by),
        verdict=verdict,
        digest=proposal(item).digest,
        reason=more.get("reason", ""),
        value=more.get("value"),
        now=now,
    )


def test_an_internal_update_is_posted_at_once_and_promises_the_next() -> None:
    subject = incident()

    made = post(subject, draft(Audience.INTERNAL), "caro")

    (notice,) = [n for n in made.notices if n.kind is NoticeKind.UPDATE]
    assert notice.to == "incident"
    assert "Search is slow for one in five." in notice.data["text"]
    assert made.incident.next_update_at == at(20)
    assert [i.kind for i in made.items if i.is_open] == [ItemKind.UPDATE]
    assert "comms.posted" not in facts(made), "it is said once it stands there"
    out = comms.posted(made.incident, None, notice.data, at(1))
    assert [(f.kind, f.rule, f.data["by"]) for f in out.facts] == [
        ("comms.posted", "comms.internal", user("caro"))
    ]


def test_posting_early_keeps_the_promise_and_makes_the_next_one() -> None:
    first = post(incident(), draft(Audience.INTERNAL), "caro")

    made = post(first.incident, draft(Audience.INTERNAL, minutes=40), "caro", items=first.items, now=at(10))

    states = {item.due_at: item.state for item in made.items}
    assert states == {at(20): ItemState.DONE, at(40): ItemState.OPEN}
    assert made.incident.next_update_at == at(40)


def test_an_internal_update_does_not_keep_what_was_promised_to_customers() -> None:
    subject = incident(Severity.SEV2, customer_visible=True)
    asked = post(subject, draft(), "mona")
    told = decide(subject, asked.items, asked.items[0], "nils")

    made = post(
        told.incident, draft(Audience.INTERNAL, minutes=60), "caro", items=after(asked.items, told), now=at(5)
    )

    assert [(i.details["audience"], i.due_at) for i in made.items if i.is_open] == [("internal", at(60))]
    assert made.incident.next_update_at == at(20), "the earliest promise is the one to watch"


@pytest.mark.promise("S0-15")
@pytest.mark.parametrize("missing", ["impact", "actions", "next_step"])
@pytest.mark.parametrize("said", ["", "  ", ":tada:", "…"])
def test_a_customer_update_needs_impact_actions_and_next_step_in_words(missing: str, said: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        post(incident(customer_visible=True), filled(missing, said), "mona", text="x")

    assert list(refused.value.problems) == [missing]


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "has passed"), (-5, "has passed"), (None, "promise when")]
)
def test_the_next_time_must_be_promised_and_lie_ahead(minutes: int | None, words: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        post(incident(), draft(Audience.INTERNAL, minutes=minutes), "caro", text="x")

    assert words in refused.value.problems["next_update_at"]


def test_the_last_words_to_customers_promise_nothing_more() -> None:
    over = incident(customer_visible=True, stage=Stage("review"))

    made = post(over, draft(moment=Moment.CLOSE, minutes=None), "mona")

    assert "No data was lost" in proposal(made.items[0]).value["text"]


def test_a_customer_update_goes_out_only_when_the_comms_lead_and_the_incident_manager_agree() -> None:
    subject = incident(Severity.SEV1, customer_visible=True)
    asked = post(subject, draft(), "mona")
    (item,) = asked.items
    assert said_to(asked, NoticeKind.UPDATE) == []
    assert asked.incident == subject, "an unapproved draft promises nothing"

    one = decide(subject, asked.items, item, "mona", now=at(1))
    assert said_to(one, NoticeKind.UPDATE) == []

    both = decide(subject, one.items, one.items[0], "ivan", now=at(2))
    (notice,) = [n for n in both.notices if n.kind is NoticeKind.UPDATE]
    assert notice.to == CUSTOMERS
    assert notice.data["text"] == proposal(item).value["text"]
    assert both.incident.next_update_at == at(20)
    assert facts(both)[0] == "comms.approved"


def test_at_sev2_the_author_is_not_the_only_one_who_agrees() -> None:
    subject = incident(Severity.SEV2, customer_visible=True)
    (item,) = post(subject, draft(), "mona").items

    with pytest.raises(NotAllowed, match="another comms lead"):
        decide(subject, (item,), item, "mona")
    assert said_to(decide(subject, (item,), item, "nils"), NoticeKind.UPDATE) == [CUSTOMERS]


def test_legal_agrees_too_when_personal_data_is_exposed() -> None:
    subject = incident(Severity.SEV3, customer_visible=True, scores={Dimension.DATA: 3})
    (item,) = post(subject, draft(), "mona").items

    one = decide(subject, (item,), item, "mona")
    assert one.items[0].is_open
    two = decide(subject, one.items, one.items[0], "lara")
    assert said_to(two, NoticeKind.UPDATE) == [CUSTOMERS]


def test_editing_a_text_voids_what_others_agreed_to() -> None:
    subject = incident(Severity.SEV1, customer_visible=True)
    (item,) = post(subject, draft(), "mona").items
    (agreed,) = decide(subject, (item,), item, "mona", now=at(1)).items

    (edited,) = decide(
        subject,
        (agreed,),
        agreed,
        "ivan",
        "change",
        now=at(2),
        reason="shorter",
        value="Search is slow. <!channel>",
    ).items

    assert edited.is_open
    assert [g.by for g in edited.grants] == [user("ivan")]
    assert proposal(edited).value["text"] == "Search is slow. &lt;!channel&gt;"
    done = decide(subject, (edited,), edited, "mona", now=at(3))
    assert done.items[0].state is ItemState.CHANGED
    assert done.notices[-1].data["text"] == "Search is slow. &lt;!channel&gt;"


def test_whoever_rewrites_a_text_at_sev2_becomes_its_author() -> None:
    subject = incident(Severity.SEV2, customer_visible=True)
    (item,) = post(subject, draft(), "mona").items

    (edited,) = decide(
        subject, (item,), item, "nils", "change", reason="clearer", value="Search is slow."
    ).items

    assert edited.is_open
    with pytest.raises(NotAllowed):
        decide(subject, (edited,), edited, "nils")
    assert said_to(decide(subject, (edited,), edited, "mona"), NoticeKind.UPDATE) == [CUSTOMERS]


def test_a_text_with_blanks_cannot_be_agreed_to_and_names_them() -> None:
    subject = incident(Severity.SEV1, customer_visible=True)
    (item,) = post(subject, draft(), "mona").items
    value = {**proposal(item).value, "text": "We see {what users see}."}
    unfinished = replace(item, proposal=replace(proposal(item), value=value))

    with pytest.raises(NotNow, match="what users see"):
        decide(subject, (unfinished,), unfinished, "ivan")


def test_a_promise_that_passed_while_waiting_is_not_posted() -> None:
    subject = incident(Severity.SEV1, customer_visible=True)
    (item,) = post(subject, draft(minutes=10), "mona").items

    with pytest.raises(NotNow, match="by 09:10 UTC, which has passed"):
        decide(subject, (item,), item, "ivan", now=at(11))
    (edited,) = decide(
        subject, (item,), item, "ivan", "change", now=at(11), reason="late", value="Soon."
    ).items
    done = decide(subject, (edited,), edited, "mona", now=at(12))
    assert done.incident.next_update_at is None


def test_nobody_decides_and_the_draft_lapses_unsent() -> None:
    subject = incident(Severity.SEV1, customer_visible=True)
    asked = post(subject, draft(minutes=60), "mona")
    (item,) = asked.items
    half, end = sorted(timer.at for timer in asked.timers)

    pressed = approvals.fell_due(subject, item, asked.timers[0].kind, POLICY, directory(), half)
    lapsed = approvals.fell_due(subject, item, asked.timers[1].kind, POLICY, directory(), end)

    assert {"user:UJUDY", "user:UNILS"} <= set(said_to(pressed, NoticeKind.HALF_TIME))
    assert lapsed.items[0].state is ItemState.EXPIRED
    assert said_to(lapsed, NoticeKind.UPDATE) == []


def test_a_newer_draft_takes_the_place_of_the_older_one() -> None:
    subject = incident(Severity.SEV1, customer_visible=True)
    first = post(subject, draft(), "mona").items

    made = post(subject, draft(impact="Search is down."), "mona", items=first, now=at(1))

    assert [item.state for item in made.items] == [ItemState.SUPERSEDED, ItemState.OPEN]
    assert comms.last_fields(after(first, made), Audience.CUSTOMER)["impact"] == "Search is down."


@pytest.mark.promise("M-05")
def test_who_has_no_part_in_it_writes_to_nobody() -> None:
    subject = incident(Severity.SEV2, customer_visible=True)

    with pytest.raises(NotAllowed, match="comms lead"):
        post(subject, draft(), "suzy", text="x")
    with pytest.raises(NotAllowed):
        post(subject, draft(Audience.INTERNAL), "stranger", text="x")


def test_an_executive_brief_goes_to_the_executives() -> None:
    subject = incident(Severity.SEV2)
    (item,) = post(subject, draft(Audience.EXECUTIVE), "mona").items

    assert said_to(decide(subject, (item,), item, "nils"), NoticeKind.UPDATE) == [EXECUTIVES]


def test_customers_told_says_when_and_only_once_it_is_out() -> None:
    subject = incident(Severity.SEV2, customer_visible=True)
    asked = post(subject, draft(), "mona").items

    assert comms.customers_told(asked) == ""
    done = decide(subject, asked, asked[0], "nils", now=at(4))
    approved = after(asked, done)
    assert comms.customers_told(approved) == "", "approved, and not delivered yet"
    (notice,) = [n for n in done.notices if n.kind is NoticeKind.UPDATE]
    assert notice.item_id == approved[0].id
    out = comms.posted(done.incident, approved[0], notice.data, at(6))
    assert comms.customers_told(after(approved, out)) == "last told at 09:06 UTC"
