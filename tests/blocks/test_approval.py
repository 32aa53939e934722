import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from blocks import approval
from bot.domain.incident import Dimension, Role
from bot.domain.items import Grant, Item, ItemState, Proposal, ProposalKind
from tests.blocks.scenes import IVAN, NINE, incident, labels_of, suggestion, texts_of, view


def _proposing(**changes: Any) -> Item:
    item = suggestion()
    assert item.proposal is not None
    return replace(item, proposal=replace(item.proposal, **changes))


def _said(item: Item) -> str:
    return "\n".join(texts_of(approval.draw(view(item), {}).blocks))


@pytest.mark.promise("S0-11")
def test_a_suggestion_is_labelled_and_shows_its_grounds_and_its_end() -> None:
    said = _said(suggestion())
    assert "AI suggestion · INC-42" in said
    assert "from *SEV2 (major)* to *SEV1 (critical)*" in said
    assert "Two people said that everyone is affected." in said
    assert "Evidence: said at <!date^1795252800^" in said
    assert "Confidence: 83%" in said
    assert "Without a decision it expires without effect at <!date^" in said
    assert labels_of(approval.draw(view(suggestion()), {}).blocks) == ["Approve", "Change", "Reject"]


@pytest.mark.promise("S0-12")
def test_its_buttons_carry_the_digest_of_what_is_shown() -> None:
    blocks = approval.draw(view(suggestion()), {}).blocks
    values = [json.loads(button["value"]) for button in blocks[-1]["elements"]]
    assert values == [{"item": "0123456789abcdef/approval/1", "digest": "d1"}] * 3


@pytest.mark.parametrize("state", [state for state in ItemState if state is not ItemState.OPEN])
def test_whatever_its_end_no_button_is_left(state: ItemState) -> None:
    blocks = approval.draw(view(suggestion(state=state)), {}).blocks
    assert labels_of(blocks) == []
    assert labels_of(approval.draw_half_time(view(suggestion(state=state)), {}).blocks) == []


def test_a_decided_card_says_who_decided_what_and_why() -> None:
    grant = Grant(
        by=IVAN,
        role=Role("incident_manager"),
        verdict="reject",
        reason="the error rate is falling <!channel>",
        at=NINE + timedelta(minutes=6),
        digest="d1",
    )
    item = suggestion(state=ItemState.REJECTED, answered_by=IVAN, answered_at=grant.at, grants=(grant,))
    said = _said(item)
    assert "Rejected by <@U0IVAN> at" in said
    assert "the error rate is falling &lt;!channel&gt;" in said


def test_a_partly_granted_one_says_who_is_still_needed() -> None:
    needs = ((Role("incident_manager"),), (Role("technical_lead"),))
    grant = Grant(by=IVAN, role=Role("incident_manager"), verdict="approve", reason="", at=NINE, digest="d1")
    said = _said(replace(_proposing(needs=needs), grants=(grant,)))
    assert "Still needed: technical lead" in said.replace("Technical lead", "technical lead")
    assert "<@U0IVAN>" in said


def test_a_draft_is_shown_exactly_and_harmless() -> None:
    text = "We see errors in checkout & search.\n<!channel> all is well"
    value = {"text": text, "audience": "customer"}
    said = _said(_proposing(kind=ProposalKind.TEXT, value=value, current=None, model=""))
    assert "Draft to approve" in said
    assert ">We see errors in checkout &amp; search." in said
    assert "<!channel>" not in said


@pytest.mark.parametrize(("data", "shown"), [(3, True), (2, False)])
def test_a_draft_says_which_data_rule_asks_for_one_more_agreement(data: int, shown: bool) -> None:
    item = _proposing(
        kind=ProposalKind.TEXT, value={"text": "…", "audience": "customer"}, current=None, model=""
    )
    at_risk = replace(view(item), incident=incident(scores={Dimension.DATA: data}))
    said = "\n".join(texts_of(approval.draw(at_risk, {}).blocks))
    assert ("counsel agrees to every word that customers read" in said) is shown


def test_a_long_draft_is_shown_whole() -> None:
    text = "\n".join(f"line {number} " + "x" * 200 for number in range(40))
    said = _said(
        _proposing(kind=ProposalKind.TEXT, value={"text": text, "audience": "customer"}, current=None)
    )
    assert "line 39" in said


def test_a_close_shows_its_findings_and_is_not_changed_but_asked_anew() -> None:
    value = {
        "cause": "a full disk",
        "cause_is_suspicion": False,
        "actions_taken": "grew it",
        "verification": "0.1%",
    }
    item = _proposing(kind=ProposalKind.CLOSE, value=value, current=None, model="")
    said = _said(item)
    assert "*Root cause*\n>a full disk" in said
    assert labels_of(approval.draw(view(item), {}).blocks) == ["Approve", "Reject"]


def test_a_card_without_a_proposal_cannot_be_drawn() -> None:
    with pytest.raises(LookupError):
        approval.draw(view(replace(suggestion(), proposal=None)), {})


def test_a_change_of_lead_names_both() -> None:
    proposal = Proposal(kind=ProposalKind.OWNER, value="U0DEV", current=None, proposed_by="U0ANA")
    assert approval.what(proposal, view().policy) == "Change the lead from nobody to <@U0DEV>."
