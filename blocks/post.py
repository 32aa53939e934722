"""A message, ready for `chat.postMessage` or `chat.update`."""

import hashlib
import json
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

    @property
    def digest(self) -> str:
        """Return what tells two looks of the same message apart: all that a reader sees or presses is in it."""
        seen = json.dumps([self.text, self.blocks], sort_keys=True)
        return hashlib.blake2b(seen.encode(), digest_size=16).hexdigest()
