"""A message, ready for `chat.postMessage` or `chat.update`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One message. ``text`` is what notifications and screen readers say; ``blocks`` are Block Kit as JSON."""

    text: str
    blocks: tuple[dict[str, Any], ...]
    thread_ts: str | None = None
    metadata: Mapping[str, Any] | None = None
