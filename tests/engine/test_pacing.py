from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.decision import Lane
from bot.engine.pacing import POST, TRUST, Pacing

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TEAM = "T0ACME"
CREATE = "conversations.create"


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def granted(
    pacing: Pacing, now: datetime, method: str, channel: str | None = None, lane: Lane = Lane.NORMAL
) -> int:
    count = 0
    while pacing.ask(now, TEAM, method, channel, lane) == 0:
        count += 1
    return count


def test_a_burst_of_fifty_openings_is_not_held_back_before_slack_objects() -> None:
    assert granted(Pacing(), NOON, CREATE) >= 50


def test_even_trust_has_an_end() -> None:
    assert granted(Pacing(), NOON, CREATE) == 20 * TRUST


def test_after_an_objection_nothing_goes_until_retry_after_has_passed() -> None:
    pacing = Pacing()
    pacing.objected(NOON, TEAM, CREATE, None, after=30)

    assert pacing.ask(NOON + seconds(29), TEAM, CREATE, None, Lane.URGENT) == pytest.approx(1)
    assert pacing.ask(NOON + seconds(30.1), TEAM, CREATE, None, Lane.URGENT) == 0


def test_an_objection_to_one_channel_never_holds_up_another() -> None:
    pacing = Pacing()
    pacing.objected(NOON, TEAM, POST, "C1", after=60)

    assert pacing.ask(NOON, TEAM, POST, "C1", Lane.URGENT) > 0
    assert pacing.ask(NOON, TEAM, POST, "C2", Lane.BULK) == 0
    assert pacing.ask(NOON, TEAM, CREATE, None, Lane.BULK) == 0


def test_two_channels_refused_together_mean_that_the_workspace_is_full() -> None:
    pacing = Pacing()
    pacing.objected(NOON, TEAM, POST, "C1", after=10)
    pacing.objected(NOON + seconds(1), TEAM, POST, "C2", after=10)

    assert pacing.ask(NOON + seconds(2), TEAM, POST, "C3", Lane.URGENT) > 0
    assert pacing.ask(NOON + seconds(12), TEAM, POST, "C3", Lane.URGENT) == 0


def test_two_refusals_far_apart_are_two_channels_troubles() -> None:
    pacing = Pacing()
    pacing.objected(NOON, TEAM, POST, "C1", after=10)
    pacing.objected(NOON + seconds(20), TEAM, POST, "C2", after=10)

    assert pacing.ask(NOON + seconds(21), TEAM, POST, "C3", Lane.URGENT) == 0


def test_an_objection_in_one_workspace_is_none_in_another() -> None:
    pacing = Pacing()
    pacing.objected(NOON, TEAM, CREATE, None, after=60)

    assert pacing.ask(NOON, "T0OTHER", CREATE, None, Lane.NORMAL) == 0


def test_what_is_left_of_a_tight_quota_is_kept_for_urgent_messages() -> None:
    pacing = Pacing()
    pacing.objected(NOON, TEAM, POST, "C1", after=1)
    pacing.objected(NOON, TEAM, POST, "C2", after=1)
    later = NOON + seconds(60)

    granted(pacing, later, POST, "C3", Lane.BULK)
    for n in range(20):
        granted(pacing, later, POST, f"D{n}", Lane.BULK)

    assert pacing.ask(later, TEAM, POST, "D99", Lane.BULK) > 0
    assert pacing.ask(later, TEAM, POST, "D99", Lane.URGENT) == 0


def test_a_clock_that_was_set_back_prolongs_no_suspension() -> None:
    pacing = Pacing()
    pacing.objected(NOON, TEAM, CREATE, None, after=30)

    assert pacing.ask(NOON - timedelta(hours=1), TEAM, CREATE, None, Lane.URGENT) == 0


def test_a_year_of_channels_does_not_stay_in_memory() -> None:
    pacing = Pacing()
    for n in range(12_000):
        pacing.ask(NOON, TEAM, POST, f"C{n}", Lane.URGENT)

    assert len(pacing._buckets) <= 5_001


methods = st.sampled_from([CREATE, "chat.update", "views.publish", "pins.add", "unheard.of"])
gaps = st.lists(st.floats(0, 20), min_size=1, max_size=80)


@given(method=methods, gaps=gaps, after=st.floats(1, 60))
def test_once_slack_has_objected_its_quota_is_kept(method: str, gaps: list[float], after: float) -> None:
    quota = {CREATE: 20, "chat.update": 50, "views.publish": 100, "pins.add": 20, "unheard.of": 20}[method]
    pacing = Pacing()
    granted(pacing, NOON, method)
    pacing.objected(NOON, TEAM, method, None, after)
    now, count = NOON, 0
    for gap in gaps:
        now += seconds(gap)
        if now - NOON >= timedelta(minutes=9):
            break
        count += granted(pacing, now, method)

    assert count <= quota / 2 + 1 + (now - NOON).total_seconds() * quota / 60


@given(method=methods, gaps=gaps)
def test_whoever_waits_as_long_as_told_may_go(method: str, gaps: list[float]) -> None:
    pacing = Pacing()
    now = NOON
    for gap in gaps:
        now += seconds(gap)
        granted(pacing, now, method)
        wait = pacing.ask(now, TEAM, method, None, Lane.NORMAL)
        now += seconds(wait + 0.001)

        assert pacing.ask(now, TEAM, method, None, Lane.NORMAL) == 0
