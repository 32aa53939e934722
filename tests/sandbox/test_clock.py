from datetime import UTC, datetime, timedelta

import pytest

from bot.sandbox.clock import SandboxClock
from bot.sandbox.roster import acme

NINE = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


def test_a_standing_clock_moves_only_when_pushed() -> None:
    clock = SandboxClock(start=NINE, running=False)
    assert clock() == clock() == NINE

    assert clock.skip(timedelta(minutes=5)) == NINE + timedelta(minutes=5)
    with pytest.raises(ValueError, match="only moves forward"):
        clock.skip(timedelta(minutes=-5))


def test_a_running_clock_goes_on_by_itself() -> None:
    clock = SandboxClock(start=NINE)
    first = clock()
    clock.skip(timedelta(hours=1))

    assert first >= NINE
    assert clock() - first >= timedelta(hours=1)


def test_a_clock_starts_at_a_time_with_a_zone() -> None:
    with pytest.raises(ValueError, match="aware"):
        SandboxClock(start=NINE.replace(tzinfo=None))


def test_message_stamps_differ_even_while_time_stands_still() -> None:
    workspace = acme(SandboxClock(start=NINE, running=False))
    stamps = [workspace.stamp() for _ in range(100)]

    assert stamps == sorted(set(stamps))
    assert stamps[0] == f"{int(NINE.timestamp())}.000000"


def test_the_workspace_names_who_is_not_there() -> None:
    workspace = acme(SandboxClock())

    assert workspace.person("@ana").id == "U0ANA"
    with pytest.raises(KeyError, match="nobody here is called 'zoe'"):
        workspace.person("zoe")
