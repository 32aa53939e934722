from collections.abc import Sequence
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.decision import Lane, NoticeKind
from bot.domain.incident import ChannelId, IncidentId, Workspace
from bot.engine.deliveries.job import Job, Me
from bot.engine.lines import Lines, destination
from storage.outbox import Sending
from tests.engine.acme import NINE


def job(
    number: int, lane: Lane = Lane.NORMAL, channel: str = "C1", kind: NoticeKind = NoticeKind.PAGE
) -> Job:
    sending = Sending(
        id=number,
        fence=1,
        key=str(number),
        lane=lane,
        kind=kind,
        to=f"channel:{channel}",
        workspace=Workspace(team_id="T0ACME"),
        incident_id=IncidentId("i"),
        item_id=None,
        data={},
        created_at=NINE,
        attempts=1,
        unsure=False,
        moot=False,
        drawn_version=1,
    )
    unused = cast(Any, None)
    return Job(
        sending=sending,
        view=unused,
        slack=unused,
        me=Me(team="T0ACME", user="U0TOCSIN"),
        channel=ChannelId(channel),
        fallback=None,
        now=NINE,
    )


def numbers(jobs: Sequence[Job]) -> list[int]:
    return [j.sending.id for j in jobs]


def test_urgent_goes_first_whatever_came_before() -> None:
    lines = Lines(slots=1)
    for waiting in (job(1, Lane.BULK, "C1"), job(2, Lane.NORMAL, "C2"), job(3, Lane.URGENT, "C3")):
        lines.join(waiting)
    order = []
    while taken := list(lines.take()):
        order += numbers(taken)
        lines.over(taken[0])

    assert order == [3, 2, 1]


def test_one_place_is_told_one_thing_at_a_time_and_holds_up_no_other() -> None:
    lines = Lines(slots=10)
    first, second, elsewhere = job(1), job(2), job(3, channel="C2")
    for waiting in (first, second, elsewhere):
        lines.join(waiting)

    assert numbers(list(lines.take())) == [1, 3]
    lines.over(first)
    assert numbers(list(lines.take())) == [2]


def test_a_page_does_not_stand_behind_drafts_in_the_same_messages() -> None:
    lines = Lines(slots=1)
    drafts, page = [job(n) for n in range(3)], job(9, Lane.URGENT)
    lines.join(drafts[0])
    under_way = list(lines.take())
    for waiting in (*drafts[1:], page):
        lines.join(waiting)
    order = []
    while under_way:
        order += numbers(under_way)
        lines.over(under_way[0])
        under_way = list(lines.take())

    assert order == [0, 9, 1, 2]


def test_a_line_that_was_offered_already_goes_by_its_new_first() -> None:
    lines = Lines(slots=1)
    for waiting in (job(1), job(2, channel="C2"), job(3, Lane.URGENT)):
        lines.join(waiting)
    order = []
    while taken := list(lines.take()):
        order += numbers(taken)
        lines.over(taken[0])

    assert order == [3, 1, 2]


def test_whoever_stands_behind_what_is_held_up_is_taken_out_in_order() -> None:
    lines = Lines(slots=10)
    jobs = [job(n) for n in range(4)]
    for waiting in jobs:
        lines.join(waiting)
    list(lines.take())

    assert numbers(lines.behind(jobs[0])) == [1, 2, 3]
    lines.over(jobs[0])
    assert list(lines.take()) == []


def test_operations_stand_in_nobodys_way() -> None:
    lines = Lines(slots=10)
    for number, kind in enumerate((NoticeKind.SET_TOPIC, NoticeKind.SET_PURPOSE, NoticeKind.INVITE)):
        lines.join(job(number, kind=kind))

    assert numbers(list(lines.take())) == [0, 1, 2]


arrivals = st.lists(st.tuples(st.sampled_from(list(Lane)), st.sampled_from("ABC")), max_size=40)


@given(arrivals=arrivals, slots=st.integers(1, 5), step=st.integers(1, 4))
def test_everything_goes_once_in_order_of_its_lane_and_never_more_than_the_slots(
    arrivals: list[tuple[Lane, str]], slots: int, step: int
) -> None:
    lines = Lines(slots)
    waiting = [job(number, lane, place) for number, (lane, place) in enumerate(arrivals)]
    under_way: list[Job] = []
    done: list[Job] = []
    for _ in range(3 * len(arrivals)):
        for arrived in waiting[:step]:
            lines.join(arrived)
        del waiting[:step]
        under_way += lines.take()
        assert len(under_way) <= slots
        places = [destination(j) for j in under_way]
        assert len(set(places)) == len(places), "one at a time in each place"
        if under_way:
            ended = under_way.pop(0)
            done.append(ended)
            lines.over(ended)

    assert sorted(numbers(done)) == list(range(len(arrivals)))
    for place in "ABC":
        for lane in Lane:
            told = [j.sending.id for j in done if j.channel == place and j.sending.lane is lane]
            assert told == sorted(told), "each place keeps its order"
