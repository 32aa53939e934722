from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from blocks.render import render
from bot.domain.decision import NoticeKind
from bot.domain.incident import Role
from bot.domain.items import Grant, Item, ItemId, ItemKind, ItemState, Proposal, ProposalKind
from tests.blocks.legal import check_post
from tests.blocks.scenes import ANA, NINE, labels_of, outside_text, page, policy, texts_of, view

ATTACK = "<!channel> <https://evil.example|click>"
VALUE: dict[str, Any] = {
    "version": "a1b2c3d4e5f60718",
    "changes": ["severities.SEV2.acknowledge: 15 minutes → 10 minutes"],
    "count": 1,
    "again": False,
    "reviewed_on": "2026-11-02",
    "reviewed_by": "Lara",
    "review_by": "2027-05-03",
    "endorsed": "",
}


def a_version(state: ItemState = ItemState.OPEN, value: dict[str, Any] | None = None, **changes: Any) -> Item:
    proposal = Proposal(
        kind=ProposalKind.POLICY,
        value=VALUE | (value or {}),
        current="0" * 16,
        proposed_by="root at the command line",
        needs=((Role("incident_manager"),),),
        digest="d1",
    )
    made = {"id": ItemId("desk/policy"), "kind": ItemKind.APPROVAL, "state": state, "proposal": proposal}
    return page(**made | changes)


def said(item: Item) -> str:
    post = render(NoticeKind.APPROVAL, view(item), {})
    check_post(post)
    return "\n".join(texts_of(post.blocks))


def labels(item: Item) -> list[str]:
    return labels_of(render(NoticeKind.APPROVAL, view(item), {}).blocks)


def test_a_version_is_approved_or_rejected_and_never_changed_on_a_card() -> None:
    assert labels(a_version()) == ["Approve", "Reject", "Endorse"]
    text = said(a_version())
    for expected in (
        "`a1b2c3d4e5f6` in force",
        "`000000000000` is in force now",
        "15 minutes → 10 minutes",
        "2 November 2026 by Lara",
    ):
        assert expected in text


def test_what_is_in_force_can_still_be_endorsed_once() -> None:
    assert labels(a_version(ItemState.APPROVED)) == ["Endorse"]
    assert labels(a_version(ItemState.REJECTED)) == []
    endorsed = a_version(details={"endorsed": {"by": ANA, "at": NINE.isoformat()}})
    assert labels(endorsed) == ["Approve", "Reject"]
    assert f"Endorsed by <@{ANA}>" in said(endorsed)


def test_many_changes_are_counted_and_the_command_that_shows_them_is_named() -> None:
    text = said(a_version(value={"changes": ["a: 1 → 2"] * 20, "count": 57}))
    assert "(57 keys)" in text
    assert "… and 37 more: `tocsin policy show a1b2c3d4e5f6`" in text


def test_one_person_for_two_roles_is_marked_on_the_card() -> None:
    grants = tuple(
        Grant(by=ANA, role=Role(role), verdict="approve", reason="", at=NINE, digest="d1")
        for role in ("incident_manager", "technical_lead")
    )
    assert "single-person approval" in said(a_version(ItemState.APPROVED, grants=grants))
    assert "single-person approval" not in said(a_version(ItemState.APPROVED, grants=grants[:1]))


def test_the_warning_offers_a_button_until_somebody_has_looked() -> None:
    due = view(None)
    past = policy().model_copy(update={"review_by": date(2026, 11, 1)})
    data = {"version": past.version, "review_by": "2026-11-01"}
    drawn = render(NoticeKind.POLICY_REVIEW, replace(due, policy=past), data)
    check_post(drawn)
    assert labels_of(drawn.blocks) == ["Still right: review again in 182 days"]
    looked = past.model_copy(update={"review_by": date(2027, 5, 1)})
    assert labels_of(render(NoticeKind.POLICY_REVIEW, replace(due, policy=looked), data).blocks) == []


@settings(max_examples=40)
@given(text=outside_text, count=st.integers(0, 40), urgent=st.booleans())
def test_a_report_draws_legally_whatever_was_found(text: str, count: int, urgent: bool) -> None:
    findings = [{"rule": "x", "urgent": urgent, "says": text + ATTACK, "todo": text}] * count
    at = datetime(2026, 11, 23, 9, tzinfo=UTC).isoformat()
    data = {"at": at, "findings": findings, "more": count, "moments": [{"name": "now", "at": at}]}
    post = render(NoticeKind.READINESS, view(None), data)
    check_post(post)
    assert "<!channel>" not in "".join(texts_of(post.blocks))
