"""What travels from Slack to the bot, and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

ParcelKind = Literal["slash_commands", "interactive", "events_api"]
ACK_SECONDS = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One payload on its way to the bot; ``takes_answer`` where Slack reads what the acknowledgement carries."""

    kind: ParcelKind
    payload: Mapping[str, Any]
    takes_answer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """Which try of a delivery this is (0: the first) and why the one before failed."""

    number: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of a delivery: acknowledged, with what the acknowledgement carried, or the reason why not.

    Reasons are Slack's: http_timeout, http_error, connection_failed, too_many_redirects, ssl_error, unknown_error.
    """

    acknowledged: bool
    body: Mapping[str, Any] | None = None
    reason: str = ""
    retry: bool = True
