"""The same command delivered again: done once, answered every time."""

from collections.abc import Awaitable
from contextlib import suppress

from storage.inbox import Duplicate


async def once(done: Awaitable[object]) -> None:
    """Do it unless an earlier delivery has; whoever asked is then answered from the state, the same each time."""
    with suppress(Duplicate):
        await done
