"""The incident's own channel: what it is furnished with, who is let in, and what happens when it cannot be made."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.domain.decision import ANNOUNCEMENTS, CATCH_ALL, INCIDENT, Decision, Fact, Lane, Notice, NoticeKind
from bot.domain.incident import ChannelId, ChannelState, Incident, UserId
from bot.domain.items import Item
from bot.domain.policy import Policy

NAME_LIMIT = 80


def name(incident: Incident, prefix: str) -> str:
    """Return the channel's name, ``inc-42-checkout-is-down``: what Slack allows, within its 80 characters.

    A private incident's name gives nothing away.
    """
    words = "private" if incident.private else incident.title.lower()
    slug = "-".join("".join(c if c.isascii() and c.isalnum() else " " for c in words).split())
    return f"{prefix}-{incident.number}-{slug}"[:NAME_LIMIT].rstrip("-")


def wanted(incident: Incident, again: int = 0) -> Decision:
    """Ask for the channel; ``again`` tells one attempt at repair from another."""
    key = f"{incident.id}/channel/{again}"
    notice = Notice(kind=NoticeKind.CREATE_CHANNEL, to=INCIDENT, key=key, lane=Lane.URGENT)
    return Decision(incident=incident, notices=(notice,))


def created(
    incident: Incident, items: Sequence[Item], policy: Policy, channel: ChannelId, called: str
) -> Decision:
    """Furnish a new channel: topic, purpose, bookmark, live card, invitations, announcement (M-01)."""
    ready = replace(
        incident,
        channel_state=ChannelState.READY,
        channel_id=channel,
        channel_name=called,
        channel_problem=None,
    )
    furniture = (
        (NoticeKind.CARD, Lane.URGENT),
        (NoticeKind.SET_TOPIC, Lane.NORMAL),
        (NoticeKind.SET_PURPOSE, Lane.NORMAL),
    )
    notices = tuple(
        Notice(kind=kind, to=INCIDENT, key=f"{incident.id}/{kind.value}/{channel}", lane=lane)
        for kind, lane in furniture
    )
    return Decision(
        incident=ready,
        facts=(Fact(kind="channel.created", data={"channel": channel, "name": called}, rule="M-01"),),
        notices=(*notices, *invitations(ready, people(ready, items), policy.invite_batch), *announced(ready)),
    )


def failed(incident: Incident, reason: str, fallback: ChannelId | None) -> Decision:
    """Go on in the fallback channel, and show what is wrong and how to repair it (M-01).

    A private incident is not run where others read along: one line there offers the repair, people are asked in direct
    messages, and whatever was meant for its channel waits until there is one.
    """
    place = None if incident.private else fallback
    moved = replace(
        incident,
        channel_state=ChannelState.FALLBACK,
        channel_id=place,
        channel_name=None,
        channel_problem=reason,
    )
    shown = (
        Notice(kind=NoticeKind.NO_CHANNEL, to=CATCH_ALL, key=f"{incident.id}/no-channel", lane=Lane.URGENT)
        if incident.private
        else Notice(kind=NoticeKind.CARD, to=INCIDENT, key=f"{incident.id}/card/{place}", lane=Lane.URGENT)
    )
    data = {"why": reason, "fallback": place}
    return Decision(
        incident=moved,
        facts=(Fact(kind="channel.failed", data=data, rule="M-01"),),
        notices=(shown, *announced(moved)),
    )


def announced(incident: Incident) -> tuple[Notice, ...]:
    """Announce an incident once; a private one is not announced."""
    if incident.private:
        return ()
    key = f"{incident.id}/announcement/{incident.reopened}"
    return (Notice(kind=NoticeKind.ANNOUNCEMENT, to=ANNOUNCEMENTS, key=key, data={"moment": "open"}),)


def card_posted(incident: Incident, channel: ChannelId, ts: str) -> Decision:
    """The live card is up: remember where, pin it, and in the incident's own channel put it into the bookmarks."""
    up = replace(incident, card_ts=ts)
    pin = Notice(kind=NoticeKind.PIN, to=f"channel:{channel}", key=f"{incident.id}/pin/{ts}", data={"ts": ts})
    if incident.channel_state is not ChannelState.READY:
        return Decision(incident=up, notices=(pin,))
    bookmark = Notice(kind=NoticeKind.BOOKMARK, to=INCIDENT, key=f"{incident.id}/bookmark/{channel}")
    return Decision(incident=up, notices=(pin, bookmark))


def people(incident: Incident, items: Iterable[Item]) -> tuple[UserId, ...]:
    """Return everybody who belongs in the channel: who opened it, who leads it, whoever was asked or told."""
    told = (UserId(user) for item in items for user in item.details.get("informed", ()))
    asked = (user for item in items for user in item.asked)
    return tuple(dict.fromkeys((incident.opened_by, *incident.leads, *asked, *told)))


def invitations(incident: Incident, users: Sequence[UserId], batch: int) -> tuple[Notice, ...]:
    """Invite people in batches (Slack takes 100 at a time); nobody is invited where there is no channel of our own."""
    if incident.channel_state is not ChannelState.READY or not users:
        return ()
    groups = [tuple(users[i : i + batch]) for i in range(0, len(users), batch)]
    return tuple(
        Notice(
            kind=NoticeKind.INVITE,
            to=INCIDENT,
            key=f"{incident.id}/invite/{incident.channel_id}/{','.join(group)}",
            data={"users": list(group)},
        )
        for group in groups
    )


def let_in(before: Iterable[Item], decision: Decision, batch: int) -> Decision:
    """Add the invitations of whoever a decision asks for the first time."""
    already = {user for item in before for user in item.asked}
    new = tuple(dict.fromkeys(u for item in decision.items for u in item.asked if u not in already))
    return decision.then(
        Decision(incident=decision.incident, notices=invitations(decision.incident, new, batch))
    )


def invited(incident: Incident, users: Sequence[str], failures: Mapping[str, str]) -> Decision:
    """Record who could not be let in, and say so in the channel."""
    if not failures:
        return Decision(incident=incident)
    line = Notice(
        kind=NoticeKind.LINE,
        to=INCIDENT,
        key=f"{incident.id}/not-invited/{','.join(sorted(failures))}",
        data={"line": "not_invited", "users": dict(failures)},
    )
    return Decision(
        incident=incident,
        facts=(Fact(kind="channel.invite_failed", data={"users": dict(failures)}, rule="channel.invite"),),
        notices=(line,),
    )


def unsaid(incident: Incident, kind: NoticeKind, to: str, why: str) -> Decision:
    """Say that something could not be posted in a channel: in the incident's own, or where even that fails in the catch-all.

    The desk has no channel of its own: what it could not say in the catch-all is on record, and nowhere else.
    """
    if incident.is_desk and to == CATCH_ALL:
        return Decision(incident=incident)
    what = kind.value.replace("_", " ")
    mend = (
        "Let the bot into the channel, then post it again."
        if kind is NoticeKind.UPDATE
        else "Please tell them."
    )
    if to == INCIDENT:
        mend = "Is the channel archived, or the bot not in it any more? People are still asked directly."
    place = "its own channel" if to == INCIDENT else f"the channel for {to.replace('_', '-')}"
    line = Notice(
        kind=NoticeKind.LINE,
        to=CATCH_ALL if to == INCIDENT else INCIDENT,
        key=f"{incident.id}/unsaid/{kind.value}/{to}/{why}/{'' if to == INCIDENT else incident.version}",
        lane=Lane.URGENT,
        data={
            "line": "unsaid",
            "text": f"{incident.key}: the {what} could not be posted in {place} (Slack says: {why}). {mend}",
        },
    )
    return Decision(incident=incident, notices=(line,))


def archived(incident: Incident) -> Decision:
    """The channel of a closed incident has been archived."""
    gone = replace(incident, channel_state=ChannelState.ARCHIVED)
    return Decision(
        incident=gone,
        facts=(Fact(kind="channel.archived", data={"channel": incident.channel_id}, rule="channel.archive"),),
    )
