"""Updates to each audience: what they must say, who agrees, and the promise of the next one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.domain import acting, fields, promises, proposals, quorum, stages
from bot.domain.decision import CUSTOMERS, EXECUTIVES, INCIDENT, Decision, Fact, Notice, NoticeKind
from bot.domain.errors import InvalidInput, NotAllowed, NotNow
from bot.domain.fields import Audience, Moment
from bot.domain.incident import Incident, UserId
from bot.domain.items import Item, ItemId, Proposal, ProposalKind
from bot.domain.mrkdwn import blanks
from bot.domain.policy import Policy
from bot.domain.roles import Directory

FIELD_LIMIT = 1500
ADDRESS = {Audience.INTERNAL: INCIDENT, Audience.CUSTOMER: CUSTOMERS, Audience.EXECUTIVE: EXECUTIVES}


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateDraft:
    """What somebody wants to tell an audience: `fields.wanted` by name, and when the next update comes."""

    audience: Audience
    fields: Mapping[str, str]
    next_update_at: datetime | None = None


def validate(draft: UpdateDraft, *, now: datetime, moment: Moment | None = None) -> None:
    """Refuse an update that says nothing, or promises a time that has passed; raises `InvalidInput` naming each field.

    With ``moment``, every field that this audience must be told at that moment has to be there (S0-15).
    """
    problems = {
        name: f"This has {len(text)} characters; please keep it to {FIELD_LIMIT}."
        for name, text in draft.fields.items()
        if len(text) > FIELD_LIMIT
    }
    if moment is not None:
        for field in fields.wanted(draft.audience, moment):
            if field.required and not has_words(draft.fields.get(field.name, "")):
                problems[field.name] = f"{field.label}: please fill this in, for example: {field.example}"
        if draft.next_update_at is None and moment is not Moment.CLOSE:
            problems["next_update_at"] = "Please promise when the next update comes, for example: in 30m."
    elif not any(has_words(text) for text in draft.fields.values()):
        problems |= dict.fromkeys(
            list(draft.fields)[:1] or ["fields"], "Please say something here; it has no words yet."
        )
    if draft.next_update_at is not None and draft.next_update_at <= now:
        problems["next_update_at"] = (
            "That time has passed. Please promise a time to come, for example: in 30m."
        )
    if problems:
        raise InvalidInput(problems)


def has_words(text: str) -> bool:
    """Tell whether a text says anything: blank lines, punctuation and emoji alone do not."""
    bare = " ".join(word for word in text.split() if not (word.startswith(":") and word.endswith(":")))
    return any(character.isalnum() for character in bare)


def post_update(
    incident: Incident,
    items: Sequence[Item],
    policy: Policy,
    directory: Directory,
    draft: UpdateDraft,
    text: str,
    by: UserId,
    now: datetime,
) -> Decision:
    """Post an internal update, or ask for approval of one that goes outside; ``text`` is the draft as it will read.

    The promise of the next update begins when this one is out, so an unapproved draft keeps no promise. Raises
    `InvalidInput` by field, and `NotAllowed` when somebody without a part in it writes to the outside.
    """
    at = fields.moment(incident, policy)
    _may_write(incident, policy, directory, draft.audience, by)
    validate(draft, now=now, moment=at)
    if draft.audience is Audience.INTERNAL:
        return _out(incident, items, policy, directory, _value(draft, text, at), None, by, now)
    if left := blanks(text):
        raise NotNow(f"The text still leaves this open: {', '.join(left)}.")
    same = [item for item in items if proposals.is_text_for(item, draft.audience)]
    proposal = Proposal(
        kind=ProposalKind.TEXT,
        value=_value(draft, text, at),
        current=None,
        proposed_by=by,
    )
    item_id = proposals.new_id(incident, items, ProposalKind.TEXT)
    title = f"{draft.audience.value} update"
    asked = proposals.ask(incident, item_id, proposal, policy, directory, now, title, items=items)
    return proposals.supersede(incident, same, now).then(asked)


def deliver(
    incident: Incident,
    item: Item,
    items: Sequence[Item],
    policy: Policy,
    directory: Directory,
    *,
    by: UserId,
    now: datetime,
) -> Decision:
    """Post a text that everybody who must agree has agreed to, exactly as they read it."""
    assert item.proposal is not None, "only an approved text is delivered"
    return _out(incident, items, policy, directory, item.proposal.value, item.id, by, now)


def posted(incident: Incident, item: Item | None, data: Mapping[str, Any], now: datetime) -> Decision:
    """A text stands in its channel: only now is it on record as said, and an approved one remembers since when.

    ``data`` is what its notice carried.
    """
    rule = "stage.text" if "stage" in data else f"comms.{data['audience']}"
    fact = Fact(kind="comms.posted", data=dict(data), item_id=item.id if item else None, rule=rule)
    out = () if item is None else (replace(item, details={**item.details, "posted_at": now.isoformat()}),)
    return Decision(incident=incident, items=out, facts=(fact,))


def posted_at(item: Item) -> datetime | None:
    """Return when an approved text was posted; None as long as it is not."""
    at = item.details.get("posted_at")
    return datetime.fromisoformat(at) if at else None


def customers_told(items: Sequence[Item]) -> str:
    """Return when customers were last told something; empty when nothing went out."""
    told = [
        at for item in items if proposals.is_text_for(item, Audience.CUSTOMER) and (at := posted_at(item))
    ]
    return f"last told at {max(told):%H:%M} UTC" if told else ""


def last_fields(items: Sequence[Item], audience: Audience) -> Mapping[str, str]:
    """Return the fields of the latest text to an audience, approved or not, to begin the next one with."""
    drafts = [
        item
        for item in items
        if proposals.is_text_for(item, audience) and item.proposal and item.proposal.value.get("fields")
    ]
    if not drafts:
        return {}
    latest = max(drafts, key=lambda item: item.opened_at).proposal
    return dict(latest.value["fields"]) if latest is not None else {}


def _value(draft: UpdateDraft, text: str, at: Moment) -> dict[str, Any]:
    return {
        "audience": draft.audience.value,
        "text": text,
        "fields": dict(draft.fields),
        "moment": at.value,
        "next_update_at": draft.next_update_at.isoformat() if draft.next_update_at else None,
    }


def _out(
    incident: Incident,
    items: Sequence[Item],
    policy: Policy,
    directory: Directory,
    value: Mapping[str, Any],
    approved: ItemId | None,
    by: UserId,
    now: datetime,
) -> Decision:
    audience = Audience(value["audience"])
    again = value.get("next_update_at")
    notice = Notice(
        kind=NoticeKind.UPDATE,
        to=ADDRESS[audience],
        key=f"{approved or f'{incident.id}/update'}/{now.isoformat()}",
        item_id=approved,
        data={"text": value["text"], "audience": audience.value, "by": by, "next_update_at": again},
    )
    at = datetime.fromisoformat(again) if again else None
    owed = promises.current(items, audience.value)
    kept = Decision(incident=incident)
    if owed is not None:
        kept = promises.kept(incident, owed, by=by, now=now, items=items)
    out = kept.then(Decision(incident=kept.incident, notices=(notice,)))
    if at is None or at <= now or incident.is_closed:
        return out
    known = {item.id: item for item in (*items, *out.items)}.values()
    again_owed = promises.promise(
        out.incident, policy, directory, at, now, audience=audience.value, items=known
    )
    return out.then(again_owed)


def _may_write(
    incident: Incident, policy: Policy, directory: Directory, audience: Audience, by: UserId
) -> None:
    acting.require(directory, by)
    if audience is Audience.INTERNAL:
        if incident.is_closed:
            raise NotNow(f"{incident.key} is closed. Reopen it first: `/incident reopen`.")
        if not stages.takes_part(incident, policy, directory, by):
            raise NotAllowed(f"Only people on the roster can post updates on {incident.key}.")
        return
    able = quorum.needs(policy, incident, ProposalKind.TEXT, None)
    if not any(quorum.roles_now(policy, directory, incident, by) & set(roles) for roles in able):
        raise NotAllowed(f"Only the {quorum.words(policy, able)} can write to the outside.")
