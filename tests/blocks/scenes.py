"""Incidents, items and views to draw: one plain example of each, and strategies for all that can be."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from hypothesis import strategies as st

from blocks.view import View
from bot import packs
from bot.domain.incident import (
    ChannelId,
    ChannelState,
    Closure,
    Dimension,
    Incident,
    IncidentId,
    Role,
    Severity,
    Stage,
    Status,
    UserId,
    Workspace,
)
from bot.domain.items import Grant, Item, ItemId, ItemKind, ItemState, Proposal, ProposalKind, Reason
from bot.domain.policy import Policy
from bot.domain.roles import Directory, Person

NINE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ANA, CARO, DEV, IVAN, XENA = (UserId(f"U0{name}") for name in ("ANA", "CARO", "DEV", "IVAN", "XENA"))


@cache
def policy() -> Policy:
    return packs.load(packs.DEFAULT)


@cache
def directory() -> Directory:
    emails = [email for slot in policy().roster.values() for email in (*slot.primary, *slot.backup)]
    people = {
        email: Person(
            id=UserId(f"U0{email.partition('@')[0].upper()}"), name=email.partition("@")[0], email=email
        )
        for email in emails
    }
    return Directory(
        people={p.id: p for p in people.values()},
        references={email: (p.id,) for email, p in people.items()},
    )


def incident(**changes: Any) -> Incident:
    made = Incident(
        id=IncidentId("0123456789abcdef"),
        workspace=Workspace(team_id="T0ACME"),
        number=42,
        title="Checkout is down",
        severity=Severity.SEV2,
        computed_severity=Severity.SEV2,
        severity_reason="SEV2 because Business impact is 3 (a key function is down).",
        scores={Dimension.BUSINESS: 3},
        opened_by=ANA,
        opened_at=NINE,
        channel_state=ChannelState.READY,
        channel_id=ChannelId("C0INC42"),
        channel_name="inc-42-checkout-is-down",
        targets={"acknowledge": NINE + timedelta(minutes=15), "resolve": NINE + timedelta(hours=12)},
        policy_version=policy().version,
    )
    return replace(made, **changes)


def page(**changes: Any) -> Item:
    made = Item(
        id=ItemId("0123456789abcdef/acknowledge/l2/1"),
        incident_id=IncidentId("0123456789abcdef"),
        kind=ItemKind.ACKNOWLEDGE,
        role=Role("l2"),
        title="Acknowledge",
        holders=(CARO,),
        asked=(CARO,),
        opened_at=NINE,
        asked_at=NINE,
        due_at=NINE + timedelta(minutes=15),
    )
    return replace(made, **changes)


def suggestion(**changes: Any) -> Item:
    proposal = Proposal(
        kind=ProposalKind.SEVERITY,
        value=1,
        current=2,
        rationale="Two people said that everyone is affected.",
        evidence=("1795252800.000100", "1795252860.000200"),
        confidence=0.83,
        proposed_by="advisor:offline",
        model="offline",
        model_version="1",
        needs=((Role("incident_manager"),),),
        digest="d1",
    )
    made = page(
        id=ItemId("0123456789abcdef/approval/1"),
        kind=ItemKind.APPROVAL,
        role=Role("incident_manager"),
        title="Raise the severity from SEV2 to SEV1",
        holders=(IVAN,),
        due_at=NINE + timedelta(minutes=10),
        proposal=proposal,
    )
    return replace(made, **changes)


def view(item: Item | None = None, *others: Item, **changes: Any) -> View:
    items = tuple(i for i in (item, *others) if i is not None)
    return View(incident=incident(**changes), items=items, item=item, policy=policy(), directory=directory())


def texts_of(blocks: Any) -> list[str]:
    """Return every text object's text, however deep it lies."""
    if isinstance(blocks, dict):
        own = [blocks["text"]] if isinstance(blocks.get("text"), str) else []
        return own + [text for value in blocks.values() for text in texts_of(value)]
    if isinstance(blocks, list | tuple):
        return [text for block in blocks for text in texts_of(block)]
    return []


def labels_of(blocks: Any) -> list[str]:
    """Return the labels of all buttons."""
    if isinstance(blocks, dict):
        own = [blocks["text"]["text"]] if blocks.get("type") == "button" else []
        return own + [label for value in blocks.values() for label in labels_of(value)]
    if isinstance(blocks, list | tuple):
        return [label for block in blocks for label in labels_of(block)]
    return []


moments = st.integers(-200_000_000, 200_000_000).map(lambda seconds: NINE + timedelta(seconds=seconds))


class Long(str):
    """A text that is too long for Slack, and too long to be printed when a test fails."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"Long({self[:8]!r} ...)"


outside_text = st.text(
    alphabet=st.characters(exclude_categories=["Cs"]) | st.sampled_from("&<>*_`~@#|!\n "), max_size=150
) | st.sampled_from(
    [Long(part * (4000 // len(part))) for part in ("x", "&", "<", "word ", "a line\n", "<!channel> ", ">&<")]
)
users = st.sampled_from([ANA, CARO, DEV, IVAN, XENA])
maybe = st.none() | moments

closures = st.builds(
    Closure,
    cause=outside_text,
    cause_is_suspicion=st.booleans(),
    actions_taken=outside_text,
    verification=outside_text,
    closed_by=users,
    asked_at=moments,
)

incidents = st.builds(
    incident,
    title=outside_text.filter(lambda t: bool(t.strip())),
    summary=outside_text,
    severity=st.sampled_from(Severity),
    computed_severity=st.sampled_from(Severity),
    severity_reason=outside_text,
    stage=st.sampled_from([Stage(name) for name in ("triage", "contain", "gone", "")]),
    status=st.sampled_from(Status),
    customer_visible=st.booleans(),
    private=st.booleans(),
    drill=st.booleans(),
    lead=st.none() | users,
    channel_state=st.sampled_from(ChannelState),
    channel_id=st.none() | st.just(ChannelId("C0INC42")),
    channel_problem=st.none() | outside_text,
    next_update_at=maybe,
    closed_at=maybe,
    closure=st.none() | closures,
    reopened=st.integers(0, 3),
    targets=st.dictionaries(
        st.sampled_from(["acknowledge", "contain", "resolve", "internal_update", "odd"]), moments
    ),
)

grants = st.builds(
    Grant,
    by=users,
    role=st.sampled_from([Role("incident_manager"), Role("gone"), Role("l2")]),
    verdict=st.sampled_from(["approve", "change", "reject"]),
    reason=outside_text,
    at=moments,
    digest=st.just("d1"),
)


_CLOSED = {"actions_taken": "x", "verification": "y"}


def proposal_of(kind: ProposalKind) -> st.SearchStrategy[Proposal]:
    values: dict[ProposalKind, st.SearchStrategy[Any]] = {
        ProposalKind.SEVERITY: st.integers(1, 5),
        ProposalKind.OWNER: users,
        ProposalKind.TEXT: st.builds(lambda text: {"text": text, "audience": "customer"}, outside_text),
        ProposalKind.CLOSE: st.builds(
            lambda cause, sure: _CLOSED | {"cause": cause, "cause_is_suspicion": sure},
            outside_text,
            st.booleans(),
        ),
    }
    plain = (ProposalKind.REMEDIATION, ProposalKind.LEGAL, ProposalKind.LIFT)
    values |= dict.fromkeys(plain, outside_text)
    values[ProposalKind.POLICY] = outside_text.map(
        lambda text: {"version": text, "changes": [text], "count": 3}
    )
    current = {
        ProposalKind.SEVERITY: st.integers(1, 5),
        ProposalKind.OWNER: st.none() | users,
    }
    return st.builds(
        Proposal,
        kind=st.just(kind),
        value=values[kind],
        current=current.get(kind, st.none()),
        rationale=outside_text,
        evidence=st.lists(outside_text, max_size=5).map(tuple),
        confidence=st.none() | st.floats(0, 1),
        proposed_by=users | outside_text,
        model=st.sampled_from(["", "offline"]),
        needs=st.sampled_from(
            [(), ((Role("incident_manager"), Role("l2")),), ((Role("l2"),), (Role("gone"),))]
        ),
        digest=st.just("d1"),
    )


proposals = st.sampled_from(ProposalKind).flatmap(proposal_of)

items = st.builds(
    page,
    id=st.uuids().map(lambda n: ItemId(f"0123456789abcdef/{n}")),
    kind=st.sampled_from([kind for kind in ItemKind if kind is not ItemKind.APPROVAL]),
    role=st.none() | st.sampled_from([Role("l2"), Role("incident_manager"), Role("gone")]),
    title=outside_text,
    state=st.sampled_from(ItemState),
    holders=st.lists(users, max_size=4, unique=True).map(tuple),
    asked=st.lists(users, max_size=4, unique=True).map(tuple),
    rung=st.integers(0, 3),
    round=st.integers(0, 4),
    reason=st.sampled_from(Reason),
    due_at=maybe,
    answered_by=st.none() | users,
    answered_at=maybe,
    details=st.builds(lambda text, by: {"text": text, "set_by": by}, outside_text, users),
)

approvals = st.builds(
    lambda item, proposal, given: replace(item, kind=ItemKind.APPROVAL, proposal=proposal, grants=given),
    items,
    proposals,
    st.lists(grants, max_size=3).map(tuple),
)


class Shown(View):
    """A view that prints without the whole policy."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"Shown({self.incident.title!r}, {self.item and self.item.state})"


def views(subject: st.SearchStrategy[Item] | None = None) -> st.SearchStrategy[View]:
    """Return a strategy for views about an item of this kind, or about none."""
    about: st.SearchStrategy[Item | None] = subject if subject is not None else st.none()
    return st.builds(
        lambda incident, item, others: Shown(
            incident=incident,
            items=tuple(i for i in (item, *others) if i is not None),
            item=item,
            policy=policy(),
            directory=directory(),
        ),
        incidents,
        about,
        st.lists(items | approvals, max_size=8),
    )
