"""The audit trail's vocabulary, canonical form and hash chain."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import rfc8785

GENESIS = "0" * 64

_FAMILIES = {
    "incident": ("opened", "closed", "close_asked", "reopened", "archived"),
    "severity": ("computed", "changed", "blocked", "unknown", "settled"),
    "role": ("assigned",),
    "roster": ("vacant",),
    "notify": ("sent", "failed"),
    "ack": ("received", "declined", "lease_lapsed"),
    "ladder": (
        "engaged",
        "step",
        "skipped",
        "nagged",
        "exhausted",
        "alarm",
        "cancelled",
        "informed",
        "recomputed",
    ),
    "stage": ("entered", "refused"),
    "artifact": ("added",),
    "nextstep": ("owed", "set", "done", "nagged", "overdue"),
    "settle": ("nagged", "overdue"),
    "comms": (
        "passed_on",
        "promised",
        "kept",
        "reminded",
        "drafted",
        "approved",
        "rejected",
        "posted",
        "refused",
        "overdue",
    ),
    "handoff": ("offered", "accepted", "declined"),
    "approval": (
        "asked",
        "granted",
        "approved",
        "changed",
        "rejected",
        "expired",
        "superseded",
        "blocked",
        "reminded",
    ),
    "ai": ("suggested", "approved", "modified", "rejected", "expired", "superseded", "blocked", "invalid"),
    "stopline": ("fired", "confirmed", "lifted"),
    "clock": ("candidate", "started", "declined", "satisfied", "overdue"),
    "agent": ("received", "invalid", "acknowledged", "decided", "expired", "late_decision_refused"),
    "directive": ("sent", "acked", "undelivered"),
    "item": ("parked", "released", "superseded", "cancelled"),
    "review": ("scheduled",),
    "action": ("created", "overdue"),
    "drill": ("started", "ended"),
    "channel": ("created", "failed", "invite_failed", "archived"),
    "timer": ("set_aside",),
    "input": ("rejected",),
    "access": ("denied",),
    "redaction": ("applied",),
    "policy": ("changed", "proposed", "approved", "endorsed", "rejected", "reverted", "moved", "review_due"),
    "desk": ("opened",),
    "target": ("missed",),
    "threshold": ("crossed",),
    "triage": ("answered",),
    "criterion": ("met", "overridden"),
    "remediation": ("approved",),
    "legal": ("approved",),
    "exception": ("opened",),
    "task": ("owed", "done", "nagged", "overdue"),
    "oncall": (
        "overridden",
        "swapped",
        "declined",
        "cancelled",
        "handed_over",
        "accepted",
        "offered",
        "reminded",
        "expired",
        "overdue",
        "gap_found",
        "feed_failed",
        "feed_restored",
    ),
    "readiness": ("reported",),
    "audit": ("broken",),
}

# Every kind of audit event: `<what>.<what happened>`.
EVENT_KINDS = frozenset(f"{what}.{event}" for what, events in _FAMILIES.items() for event in events)


def canonical(event: Mapping[str, Any]) -> bytes:
    """Return the one byte form of an event (RFC 8785), the same on every machine and database.

    Takes JSON values only; anything else raises `rfc8785.CanonicalizationError`, so that a row which could not be
    verified later is never written.
    """
    return rfc8785.dumps(dict(event))


def first_broken(events: Iterable[Mapping[str, Any]]) -> tuple[str, int, str] | None:
    """Check exported events, each with ``previous_hash`` and ``hash``; return workspace, number and reason of the first bad one.

    What comes after the last event of an export it cannot know: compare the count and the last hash with an earlier one.
    """
    ends: dict[str, tuple[int, str]] = {}
    for event in events:
        team, seq = str(event.get("team_id")), event.get("seq")
        last, previous = ends.get(team, (0, GENESIS))
        if seq != last + 1:
            return team, last + 1, f"event {last + 1} is missing: after {last} comes {seq}"
        if event.get("previous_hash") != previous:
            return team, seq, f"event {seq} does not follow event {last}"
        said = {name: value for name, value in event.items() if name not in ("previous_hash", "hash")}
        if event.get("hash") != link(previous, said):
            return team, seq, f"event {seq} was altered after it was written"
        ends[team] = (seq, str(event["hash"]))
    return None


def link(previous_hash: str, event: Mapping[str, Any]) -> str:
    """Return the hash that chains an event to the one before it; the first follows `GENESIS` (S3-28)."""
    return hashlib.sha256(previous_hash.encode("ascii") + b"\n" + canonical(event)).hexdigest()
