"""What delivery and the acts of people need to know of the sandbox they belong to."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from bot.sandbox.faults import Faults
from bot.sandbox.state import Workspace


class Host(Protocol):
    """The running sandbox, as seen from its delivery."""

    manifest: Mapping[str, Any]
    clock: Callable[[], datetime]
    workspace: Workspace
    faults: Faults
    signing_secret: str

    @property
    def ui_url(self) -> str: ...

    @property
    def violations(self) -> list[str]: ...
