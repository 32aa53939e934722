"""How a Web API method says no."""

from typing import Any


class Refused(Exception):
    """An answer `{"ok": false, "error": ...}`, with HTTP 200 as Slack sends it.

    `extra` joins the answer (`needed`, `provided`, `errors`, `response_metadata` ...). With
    `illegal=True` the call was one that a correct bot never makes, and is listed as a violation.
    """

    def __init__(self, error: str, *, illegal: bool = False, **extra: Any) -> None:
        super().__init__(error)
        self.error = error
        self.illegal = illegal
        self.extra = extra

    @classmethod
    def invalid(cls, error: str, *messages: str) -> "Refused":
        """An illegal call refused with readable messages, as Slack does for blocks and arguments."""
        return cls(error, illegal=True, response_metadata={"messages": [f"[ERROR] {m}" for m in messages]})

    @property
    def messages(self) -> list[str]:
        """What a reader of the refusal is told beside its code."""
        found: list[str] = self.extra.get("response_metadata", {}).get("messages", [])
        return found
