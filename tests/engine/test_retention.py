from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from pydantic import SecretStr

from bot.app import Bot
from bot.engine.ticker import Ticker
from bot.settings import HalfConfigured, Settings
from tests.engine.acme import POLICY, Acme


async def test_the_bot_forgets_every_hour_what_is_older_than_the_setting_says(
    workspace: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    hourly: dict[str, Callable[[], Awaitable[object]]] = {}
    every = Ticker.every

    def noted(self: Ticker, pause: timedelta, work: Callable[[], Awaitable[object]], name: str) -> None:
        if pause == timedelta(hours=1):
            hourly[name] = work
        every(self, pause, work, name)

    monkeypatch.setattr(Ticker, "every", noted)
    settings = Settings(
        bot_token=SecretStr(workspace.sandbox.bot_token),
        api_url=workspace.sandbox.api_url,
        database_url=workspace.database_url,
        keep_days=45,
    )
    bot = Bot(settings, clock=workspace.clock, policy=POLICY, transport=None)
    await bot.start()
    workspace.bots.append(bot)

    assert bot._clockwork is not None
    assert hourly["retention"] == bot._clockwork.retention.run
    assert bot._clockwork.retention.keep == timedelta(days=45)


@pytest.mark.parametrize("days", ["30", "0", "-1", "3661", "many"])
def test_a_time_that_would_forget_too_much_is_refused(days: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_KEEP_DAYS", days)
    with pytest.raises(HalfConfigured, match="TOCSIN_KEEP_DAYS cannot be used"):
        Settings.load(None)
