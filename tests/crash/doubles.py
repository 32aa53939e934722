"""Bots that are broken on purpose, to see that the crash tests would notice."""

from collections.abc import Callable, Mapping

from bot.engine.deliveries import message


def careless_courier() -> None:
    """Post again without looking whether the message stands there already."""

    async def look_away(*_: object) -> None:
        return None

    message._said_already = look_away


DOUBLES: Mapping[str, Callable[[], None]] = {"careless_courier": careless_courier}
