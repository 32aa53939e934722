from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from bot.domain import approvals, stages
from bot.domain.decision import Decision, NoticeKind
from bot.domain.errors import IllegalMove, InvalidInput, NotAllowed, NotNow
from bot.domain.incident import Incident, Severity, Stage, Status, UserId
from bot.domain.items import Item, ItemState, ProposalKind
from bot.packs import texts
from tests.domain.acme import NINE, POLICY, after, at, directory, facts, incident, proposal, said_to, user


def enter(
    subject: Incident, stage: Stage, by: str = "ivan", items: tuple[Item, ...] = (), now: datetime = NINE
) -> Decision:
    written = {
        text.template: texts.stage_text(POLICY, subject, items, stage, text, now=now)
        for text in stages.texts_for(POLICY, subject, stage)
    }
    return stages.enter(subject, items, stage, POLICY, directory(), by=user(by), now=now, texts=written)


def audiences(subject: Incident, stage: Stage) -> list[str]:
    return [text.audience for text in stages.texts_for(POLICY, subject, stage)]


@pytest.mark.parametrize("start", list(POLICY.stages))
@pytest.mark.parametrize("to", list(POLICY.stages))
def test_only_the_moves_that_a_card_offers_are_accepted(start: Stage, to: Stage) -> None:
    subject = incident(stage=start)

    if to in stages.legal(POLICY, start):
        assert enter(subject, to).incident.stage is to
    else:
        with pytest.raises(IllegalMove):
            enter(subject, to)


def test_every_stage_can_be_reached_and_none_is_a_dead_end() -> None:
    reached, frontier = {Stage("triage")}, [Stage("triage")]
    while frontier:
        new = set(stages.legal(POLICY, frontier.pop())) - reached
        reached |= new
        frontier += new

    assert reached == set(POLICY.stages)
    assert all(stages.legal(POLICY, stage) for stage in POLICY.stages)


def test_an_illegal_move_names_the_legal_ones() -> None:
    with pytest.raises(
        IllegalMove, match=r"is in Triage; from here it can move to Contain or Diagnose or Resolve"
    ):
        enter(incident(), Stage("recover"))
    with pytest.raises(IllegalMove, match="in Triage already"):
        enter(incident(), Stage("triage"))


def test_a_closed_incident_does_not_move() -> None:
    with pytest.raises(IllegalMove, match="Reopen it first"):
        enter(incident(status=Status.CLOSED, closed_at=NINE), Stage("contain"))


@pytest.mark.promise("M-02")
@pytest.mark.parametrize(
    ("level", "visible", "stage", "expected"),
    [
        (Severity.SEV1, True, Stage("contain"), ["internal", "customer", "executive"]),
        (Severity.SEV1, False, Stage("contain"), ["internal", "executive"]),
        (Severity.SEV3, True, Stage("contain"), ["internal", "customer"]),
        (Severity.SEV3, False, Stage("contain"), ["internal"]),
        (Severity.SEV1, True, Stage("diagnose"), ["internal", "customer"]),
        (Severity.SEV1, True, Stage("resolve"), ["internal"]),
        (Severity.SEV1, True, Stage("review"), ["internal", "executive"]),
        (Severity.SEV2, True, Stage("review"), ["internal"]),
    ],
)
def test_a_stage_owes_the_texts_of_the_matrix(
    level: Severity, visible: bool, stage: Stage, expected: list[str]
) -> None:
    assert audiences(incident(level, customer_visible=visible), stage) == expected


@pytest.mark.promise("M-02")
def test_entering_a_stage_posts_the_internal_text_and_drafts_the_others() -> None:
    subject = incident(Severity.SEV1, customer_visible=True)

    made = enter(subject, Stage("contain"))

    (posted,) = [n for n in made.notices if n.kind is NoticeKind.STAGE_TEXT]
    assert posted.to == "incident"
    assert posted.data["stage"] == "contain"
    assert "INC-7 moved to contain" in posted.data["text"]
    assert [proposal(i).value["audience"] for i in made.items] == ["customer", "executive"]
    assert len({i.id for i in made.items}) == 2
    assert said_to(made, NoticeKind.UPDATE) == [], "nothing goes outside without a person"
    assert facts(made)[0] == "stage.entered"


def test_whoever_moves_a_stage_may_approve_the_draft_that_the_bot_wrote() -> None:
    subject = incident(Severity.SEV2)
    made = enter(subject, Stage("contain"), by="mona")
    (brief,) = made.items

    assert (proposal(brief).proposed_by, proposal(brief).prompted_by) == ("tocsin", None)
    assert made.facts[0].data["by"] == user("mona"), "who moved it is on record"
    done = decide(made.incident, brief, "mona")
    assert said_to(done, NoticeKind.UPDATE) == ["executives"]


def test_at_sev1_the_bots_draft_still_needs_two_people() -> None:
    made = enter(incident(Severity.SEV1), Stage("contain"), by="mona")

    one = decide(made.incident, made.items[0], "mona")
    assert one.items[0].is_open
    two = decide(made.incident, one.items[0], "ivan")
    assert said_to(two, NoticeKind.UPDATE) == ["executives"]


def test_an_approved_brief_promises_the_next_one_at_the_policys_time() -> None:
    made = enter(incident(Severity.SEV2), Stage("contain"))
    (brief,) = made.items

    done = decide(made.incident, brief, "mona", now=at(5))
    assert [(i.details["audience"], i.due_at) for i in done.items if i.is_open] == [("executive", at(60))]
    with pytest.raises(NotNow, match="by 10:00 UTC, which has passed"):
        decide(made.incident, brief, "mona", now=at(61), due_at=at(90))


def decide(subject: Incident, item: Item, by: str, now: datetime = NINE, **changes: Any) -> Decision:
    return approvals.decide(
        subject, replace(item, **changes), (item,), POLICY, directory(), by=user(by), verdict="approve",
        digest=proposal(item).digest, reason="", now=now,
    )  # fmt: skip


def test_a_draft_with_open_questions_says_so_and_waits_for_the_answers() -> None:
    subject = incident(Severity.SEV1, customer_visible=True)
    item = enter(subject, Stage("contain")).items[0]

    assert "Still to fill in: what changed for users" in proposal(item).rationale
    with pytest.raises(NotNow, match="Press Change"):
        decide(subject, item, "mona", now=at(1))


def test_the_drafts_of_the_stage_before_lose_their_buttons() -> None:
    subject = incident(Severity.SEV1, customer_visible=True)
    first = enter(subject, Stage("contain"))

    made = enter(first.incident, Stage("diagnose"), items=first.items, now=at(5))

    known = after(first.items, made)
    still_open = [
        proposal(i).value["stage"] for i in known if i.is_open and proposal(i).kind is ProposalKind.TEXT
    ]
    assert sorted(still_open) == ["contain", "diagnose"], "the executive text of contain is still the latest"
    assert [i.state for i in known].count(ItemState.SUPERSEDED) == 1


def test_coming_back_to_a_stage_says_it_again() -> None:
    first = enter(incident(), Stage("contain"))
    second = enter(first.incident, Stage("diagnose"), now=at(1))

    third = enter(second.incident, Stage("contain"), now=at(2))

    keys = {n.key for made in (first, second, third) for n in made.notices}
    assert len(keys) == 3


def test_only_people_with_a_part_in_it_move_an_incident() -> None:
    with pytest.raises(NotAllowed, match="whoever leads it or whoever opened it or anybody on the roster"):
        enter(incident(), Stage("contain"), by="stranger")
    with pytest.raises(NotAllowed):
        stages.check(incident(), Stage("contain"), POLICY, directory(), UserId("UBOT"))


def test_an_opener_without_a_role_may_move_what_they_opened() -> None:
    subject = incident(opened_by=UserId("UGUEST"))

    stages.check(subject, Stage("contain"), POLICY, directory(), UserId("UGUEST"))

    assert stages.takes_part(subject, POLICY, directory(), UserId("UGUEST"))


def test_an_incident_in_a_stage_that_its_policy_has_given_up_goes_back_to_the_first() -> None:
    lost = incident(stage=Stage("gone"))
    assert stages.legal(POLICY, lost.stage) == (POLICY.first_stage,)
    assert enter(lost, POLICY.first_stage).incident.stage == POLICY.first_stage
    with pytest.raises(IllegalMove, match="is in Gone; from here it can move to Triage"):
        enter(lost, Stage("resolve"))


def test_a_stage_is_named_by_its_id_or_its_label_and_a_slip_is_forgiven() -> None:
    for name in ("contain", "Contain", " CONTAIN ", "contian"):
        assert stages.named(POLICY, name) == "contain"
    with pytest.raises(InvalidInput, match="Triage, Contain, Diagnose, Resolve, Recover, Review"):
        stages.named(POLICY, "nowhere")
