"""Every table, as SQLModel rows for reading the schema and as Core tables for the queries."""

from storage.tables.oncall import CALENDAR_FEED, ON_CALL_COVER, ON_CALL_TOLD
from storage.tables.record import AUDIT_EVENT, AUDIT_HEAD, EVIDENCE
from storage.tables.rows import Row
from storage.tables.traffic import INBOX, MESSAGE, OUTBOX
from storage.tables.work import INCIDENT, ITEM, TIMER
from storage.tables.workspace import COUNTER, PERSON, PERSON_REFERENCE, POLICY_VERSION, WORKSPACE_CHANNEL

METADATA = Row.metadata

__all__ = [
    "AUDIT_EVENT",
    "AUDIT_HEAD",
    "CALENDAR_FEED",
    "COUNTER",
    "EVIDENCE",
    "INBOX",
    "INCIDENT",
    "ITEM",
    "MESSAGE",
    "METADATA",
    "ON_CALL_COVER",
    "ON_CALL_TOLD",
    "OUTBOX",
    "PERSON",
    "PERSON_REFERENCE",
    "POLICY_VERSION",
    "TIMER",
    "WORKSPACE_CHANNEL",
]
