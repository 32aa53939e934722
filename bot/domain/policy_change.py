"""Putting a version of the policy in force: proposed by a pack, agreed to by the policy's owner, endorsed by its sponsor.

A pack names no author, so whoever proposed it cannot be told from whoever approves it: one agreement of the owner's role
is enough, and that is on record. Nothing is in force before somebody agreed, and what a person rejected is not asked again
by itself.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain import acting, policy_review, proposals, quorum, roles
from bot.domain.decision import CATCH_ALL, Decision, Fact, Notice, NoticeKind, Standing, direct
from bot.domain.errors import AlreadyDecided, IllegalMove, NotAllowed, NotNow
from bot.domain.incident import Incident, UserId
from bot.domain.items import Item, ItemState, Proposal, ProposalKind
from bot.domain.policy import Policy
from bot.domain.policy_words import changes, short
from bot.domain.roles import Directory

# As many lines as fit on a card that people still read; `tocsin policy show` has them all.
MOST_CHANGES = 20


def pending(items: Sequence[Item]) -> Item | None:
    """Return the proposal of a version that waits for a decision, if there is one."""
    return next((item for item in reversed(items) if item.is_open and _is_version(item)), None)


def latest(items: Sequence[Item], version: str) -> Item | None:
    """Return the last proposal of a version, decided or not."""
    about = (item for item in reversed(items) if _is_version(item) and version_of(item) == version)
    return next(about, None)


def version_of(item: Item) -> str:
    """Return which version a proposal would put in force."""
    return str(item.proposal.value["version"]) if item.proposal is not None else ""


def asks_again(items: Sequence[Item], version: str) -> bool:
    """Tell whether a pack that is found again at a start is put before people once more.

    Not while it waits, not after somebody rejected it, and not after it was in force and gave way to another: for these
    somebody has to ask on purpose.
    """
    last = latest(items, version)
    return last is None or last.state in (ItemState.SUPERSEDED, ItemState.EXPIRED, ItemState.CANCELLED)


def propose(
    desk: Incident,
    items: Sequence[Item],
    active: Policy,
    new: Policy,
    directory: Directory,
    *,
    by: str,
    now: datetime,
    again: bool = False,
) -> Decision:
    """Ask the owner of the policy in force to put another version in force; an older proposal gives way to it.

    ``again`` says that the version was in force before. Raises `NotNow` when it is in force or waits already.
    """
    if new.version == active.version:
        raise NotNow(f"Policy {short(new.version)} is in force already.")
    waiting = pending(items)
    if waiting is not None and version_of(waiting) == new.version:
        raise NotNow(f"Policy {short(new.version)} waits for {quorum.label(active, active.owner)} already.")
    older = proposals.supersede_same(desk, items, ProposalKind.POLICY, now)
    proposal = Proposal(
        kind=ProposalKind.POLICY, value=_told(active, new, again), current=active.version, proposed_by=by
    )
    item_id = proposals.new_id(desk, items, ProposalKind.POLICY)
    title = f"Put policy {short(new.version)} in force"
    asked = proposals.ask(desk, item_id, proposal, active, directory, now, title)
    return older.then(asked).then(_proposed(desk, asked.items[0], active, directory, by, again))


def in_force(desk: Incident, item: Item, policy: Policy, directory: Directory, *, now: datetime) -> Decision:
    """Put the version that everybody needed has agreed to in force for new incidents."""
    version, proposal = version_of(item), item.proposal
    assert proposal is not None, "only a proposed version comes into force"
    approvers = tuple(dict.fromkeys(grant.by for grant in quorum.granted(proposal, item.grants)))
    told = {
        "version": version,
        "from": policy.version,
        "by": list(approvers),
        "review_by": proposal.value.get("review_by"),
        "two_people": "not asked: a pack names no author",
    }
    kind = "policy.reverted" if proposal.value.get("again") else "policy.changed"
    changed = replace(desk, policy_version=version)
    line = {"line": "policy_in_force", "version": version, "by": list(approvers), "at": now.isoformat()}
    notice = Notice(kind=NoticeKind.LINE, to=CATCH_ALL, key=f"{item.id}/in-force", item_id=item.id, data=line)
    return Decision(
        incident=changed,
        facts=(
            Fact(kind="policy.approved", item_id=item.id, data=told, rule="policy.approve"),
            Fact(kind=kind, item_id=item.id, data=told, rule="policy.approve"),
        ),
        notices=(notice,),
        timers=policy_review.first(changed, proposal.value.get("review_by"), policy, now),
        standings=(
            Standing(
                version=version,
                in_force=True,
                approved_by=tuple(acting.name(directory, user) for user in approvers),
            ),
        ),
    )


def endorse(
    desk: Incident,
    item: Item,
    policy: Policy,
    directory: Directory,
    *,
    digest: str,
    by: UserId,
    now: datetime,
) -> Decision:
    """Note that the sponsor stands behind a version that is proposed or in force (S1-76); it decides nothing.

    Raises `NotAllowed` for anybody but a holder of the sponsor's role, `IllegalMove` for a version that went nowhere, and
    `AlreadyDecided` for one that is endorsed.
    """
    acting.require(directory, by)
    if item.proposal is None or not _is_version(item) or digest != item.proposal.digest:
        raise IllegalMove("This was changed after you saw it. Please look at its newest form.")
    if policy.sponsor is None:
        raise NotNow("This policy names no sponsor. Add `sponsor: executive_sponsor` to it, for example.")
    if policy.sponsor not in quorum.roles_now(policy, directory, desk, by):
        raise NotAllowed(f"A policy is endorsed by: {quorum.label(policy, policy.sponsor)}.")
    if not may_endorse(item):
        raise IllegalMove("This version was not put in force, so there is nothing to endorse.")
    if (given := item.details.get("endorsed")) is not None:
        raise AlreadyDecided(
            f"{acting.name(directory, UserId(given['by']))} has endorsed this version already."
        )
    version = version_of(item)
    endorsed = replace(item, details={**item.details, "endorsed": {"by": by, "at": now.isoformat()}})
    data = {"version": version, "by": by, "role": policy.sponsor, "on": now.date().isoformat()}
    return Decision(
        incident=desk,
        items=(endorsed,),
        facts=(Fact(kind="policy.endorsed", item_id=item.id, data=data, rule="policy.endorse"),),
        standings=(Standing(version=version, endorsed_by=acting.name(directory, by)),),
    )


def may_endorse(item: Item) -> bool:
    """Tell whether a version still waits, or was put in force."""
    return item.state in (ItemState.OPEN, ItemState.APPROVED)


def forced(
    desk: Incident,
    items: Sequence[Item],
    active: Policy,
    new: Policy,
    directory: Directory,
    *,
    by: str,
    reason: str,
    now: datetime,
) -> Decision:
    """Put a version in force without agreement, while nobody at all holds the owner's role: the way out of a locked door.

    Whoever can run the command line decides it, the reason is on record, and the catch-all channel is told. Raises
    `NotAllowed` as long as somebody could be asked, and `NotNow` without a reason.
    """
    able = roles.holders(active, directory, active.owner) or roles.holders(
        active, directory, active.owner, "backup"
    )
    if able:
        who = acting.names(directory, [person.id for person in able])
        raise NotAllowed(f"{who} can approve this: propose it without --nobody-can-approve.")
    why = " ".join(reason.split())
    if not why:
        raise NotNow(
            "Please say why, for example: --nobody-can-approve 'Ivan has left and the roster names him alone'."
        )
    text = (
        f"Policy {short(new.version)} is in force for new incidents. Nobody holds the role "
        f"{quorum.label(active, active.owner)}, so {by} put it in force without an approval: {why}"
    )
    key = f"{desk.id}/forced/{new.version}/{now.isoformat()}"
    data = {"version": new.version, "from": active.version, "by": by, "reason": why, "approved": False}
    changed = replace(desk, policy_version=new.version)
    decision = proposals.supersede_same(changed, items, ProposalKind.POLICY, now)
    return decision.then(
        Decision(
            incident=changed,
            facts=(Fact(kind="policy.changed", data=data, rule="policy.nobody_can_approve"),),
            notices=(
                Notice(kind=NoticeKind.LINE, to=CATCH_ALL, key=key, data={"line": "policy", "text": text}),
            ),
            timers=policy_review.first(changed, new.review_by, new, now),
            standings=(Standing(version=new.version, in_force=True),),
        )
    )


def _proposed(
    desk: Incident, item: Item, active: Policy, directory: Directory, by: str, again: bool
) -> Decision:
    """Tell the sponsor and the catch-all channel, and put on record that a version was proposed."""
    assert item.proposal is not None, "what was proposed is a proposal"
    value = item.proposal.value
    sponsors = roles.holders(active, directory, active.sponsor) if active.sponsor else ()
    copies = tuple(
        Notice(kind=NoticeKind.APPROVAL, to=to, key=f"{item.id}/card/{to}", item_id=item.id)
        for to in (direct(person.id) for person in sponsors if person.id not in item.holders)
    )
    text = (
        f"Policy {short(value['version'])} was proposed; {short(active.version)} stays in force until it is "
        f"approved by: {quorum.label(active, active.owner)}."
    )
    line = Notice(
        kind=NoticeKind.LINE,
        to=CATCH_ALL,
        key=f"{item.id}/proposed",
        item_id=item.id,
        data={"line": "policy", "text": text},
    )
    data = {
        "version": value["version"],
        "from": active.version,
        "by": by,
        "changes": value["count"],
        "again": again,
    }
    fact = Fact(kind="policy.proposed", item_id=item.id, data=data, rule="policy.propose")
    return Decision(incident=desk, facts=(fact,), notices=(*copies, line))


def _told(active: Policy, new: Policy, again: bool) -> dict[str, Any]:
    """Return what the card shows; the version is the hash of all that it says, so agreeing to it is agreeing to everything."""
    lines = changes(active, new)
    return {
        "version": new.version,
        "changes": list(lines[:MOST_CHANGES]),
        "count": len(lines),
        "again": again,
        "reviewed_on": new.reviewed_on.isoformat() if new.reviewed_on else None,
        "reviewed_by": new.reviewed_by,
        "review_by": new.review_by.isoformat() if new.review_by else None,
        "endorsed": f"{new.endorsement.by}, {new.endorsement.on.isoformat()}" if new.endorsement else "",
    }


def _is_version(item: Item) -> bool:
    return item.proposal is not None and item.proposal.kind is ProposalKind.POLICY
