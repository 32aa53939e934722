"""Reading lists that Slack hands out page by page."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.engine.deliveries.job import Job
from bot.slack import Later, Never, Sent

# Further back than this nothing of ours can hide: what is looked for was made minutes ago.
PAGES = 10


async def find(
    job: Job, method: str, rows: str, wanted: Callable[[Mapping[str, Any]], bool], **args: Any
) -> Mapping[str, Any] | Later | Never | None:
    """Return the first row of a paged answer that is wanted, None when there is none, or why Slack would not say."""
    cursor = None
    for _ in range(PAGES):
        outcome = await job.call(method, cursor=cursor, **args)
        if not isinstance(outcome, Sent):
            return outcome
        for row in outcome.response.get(rows, ()):
            if wanted(row):
                found: Mapping[str, Any] = row
                return found
        cursor = (outcome.response.get("response_metadata") or {}).get("next_cursor") or None
        if cursor is None:
            return None
    return None
