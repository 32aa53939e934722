"""Small words for tests that call the Web API."""

from collections.abc import Awaitable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient


async def refused(call: Awaitable[Any]) -> str:
    """The error code with which this call is refused."""
    return str((await refusal(call))["error"])


async def refusal(call: Awaitable[Any]) -> Any:
    """The whole answer of a call that is refused."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response


async def new_channel(client: AsyncWebClient, name: str = "inc-1-checkout", **more: Any) -> str:
    """The id of a channel the app just made."""
    answer = await client.conversations_create(name=name, **more)
    return str(answer["channel"]["id"])
