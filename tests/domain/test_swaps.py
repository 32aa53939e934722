from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import covers, offers, swaps
from bot.domain.covers import Cover
from bot.domain.decision import Decision, TimerKind
from bot.domain.desk import open_desk
from bot.domain.errors import AlreadyDecided, IllegalMove, InvalidInput, NotAllowed, NotNow
from bot.domain.incident import Incident, Role, UserId, Workspace
from bot.domain.items import Item, ItemState
from bot.domain.oncall import Duty, Override
from bot.domain.policy import Slot
from bot.domain.roles import Directory, holders
from tests.domain import acme
from tests.domain.acme import NINE, user
from tests.stories.rota import CARO as CARO_MAIL
from tests.stories.rota import DEV as DEV_MAIL
from tests.stories.rota import on_rota, turns

POLICY = on_rota()
L2 = Role("l2")
CARO, DEV, IVAN, ANA = (user(name) for name in ("caro", "dev", "ivan", "ana"))


def desk() -> Incident:
    return open_desk(Workspace(team_id="T1"), POLICY, NINE).incident


def people(*overrides: Override, **changes: Any) -> Directory:
    return replace(acme.directory(**changes), at=NINE, duty=Duty(overrides=overrides))


def place(who: UserId = DEV, *, since: float = 1, until: float = 5, part: str = "primary") -> Override:
    """A place as L2 platform, from and to so many hours from now."""
    hours = timedelta(hours=1)
    return Override(role=L2, part=part, user=who, since=NINE + since * hours, until=NINE + until * hours)


def take(takes: Override, by: UserId, directory: Directory | None = None) -> Decision:
    return swaps.take(desk(), POLICY, directory or people(), takes, by=by, now=NINE)


def offer(takes: Override | None = None, by: UserId = CARO) -> Item:
    (item,) = take(takes or place(), by).items
    return item


def a_swap() -> Item:
    mine, theirs = swaps.swappable(POLICY, people(), CARO, NINE)
    first, second = replace(mine[1], user=DEV), replace(theirs[0], user=CARO)
    (item,) = swaps.swap(desk(), POLICY, people(), first, second, by=CARO, now=NINE).items
    return item


def test_taking_a_place_oneself_needs_nobody_elses_answer() -> None:
    decision = take(place(DEV), DEV)
    [cover] = decision.covers
    assert (cover.takes, cover.was_agreed) == (place(DEV), False)
    assert not decision.items
    [fact] = decision.facts
    assert (fact.kind, fact.data["instead"]) == ("oncall.overridden", [CARO])


def test_for_somebody_else_it_is_an_offer_that_ends_when_the_place_begins() -> None:
    decision = take(place(DEV), CARO)
    assert not decision.covers
    [item] = decision.items
    assert item.holders == (DEV,)
    assert item.due_at == place().since
    assert {timer.kind for timer in decision.timers} == {TimerKind.NAG, TimerKind.EXPIRE}


def test_a_place_that_begins_at_once_waits_as_long_as_a_handoff_of_the_worst_severity() -> None:
    item = offer(place(since=-1))
    assert item.due_at == NINE + timedelta(minutes=10)


@pytest.mark.parametrize("name", ["suzy", "ana", "mona"])
def test_who_is_not_of_the_role_and_does_not_lead_arranges_nothing(name: str) -> None:
    with pytest.raises(NotAllowed, match="Only people of L2 platform"):
        take(place(user(name)), user(name))


def test_whoever_leads_where_the_role_is_called_in_may_put_anybody_before_the_question() -> None:
    assert take(place(user("sam")), IVAN).items[0].holders == (user("sam"),)
    with pytest.raises(InvalidInput, match="sam cannot be on call for L2 platform"):
        take(place(user("sam")), CARO)


def test_the_policy_may_name_who_has_the_right() -> None:
    policy = POLICY.model_copy(update={"decision_rights": {covers.RIGHT: (Role("operations"),)}})
    assert covers.leads(policy, L2) == (Role("operations"),)
    assert covers.is_in_charge(policy, people(), L2, user("omar"))
    assert not covers.is_in_charge(policy, people(), L2, IVAN)
    without = POLICY.model_copy(update={"decision_rights": {}})
    assert covers.is_in_charge(without, people(), L2, IVAN), "else whoever leads where the role is called in"
    assert not covers.is_in_charge(without, people(), L2, CARO)


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_bot": True}, {"is_external": True}])
def test_leavers_bots_and_guests_are_never_on_call(change: dict[str, bool]) -> None:
    with pytest.raises(InvalidInput, match="cannot be on call"):
        take(place(DEV), CARO, people(dev=change))
    with pytest.raises(NotAllowed):
        take(place(DEV), DEV, people(dev=change))


@pytest.mark.parametrize(
    ("takes", "field"),
    [
        (place(since=5, until=1), "until"),
        (place(since=-5, until=-1), "until"),
        (place(since=1, until=24 * 93 + 1), "until"),
        (place(since=24 * 400, until=24 * 401), "since"),
        (place(part="third"), "role"),
        (replace(place(), role=Role("florist")), "role"),
    ],
)
def test_times_and_places_that_make_no_sense_are_named_by_field(takes: Override, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        take(replace(takes, user=DEV), DEV)
    assert list(refused.value.problems) == [field]


def test_an_offer_is_answered_once_and_only_by_whoever_is_asked() -> None:
    item = offer()
    with pytest.raises(NotAllowed, match="Only dev, who is asked"):
        offers.accept(desk(), item, POLICY, people(), by=CARO, now=NINE)
    accepted = offers.accept(desk(), item, POLICY, people(), by=DEV, now=NINE)
    [cover] = accepted.covers
    assert (cover.takes, cover.arranged_by, cover.was_agreed) == (place(DEV), CARO, True)
    with pytest.raises(AlreadyDecided):
        offers.accept(desk(), accepted.items[0], POLICY, people(), by=DEV, now=NINE)
    with pytest.raises(AlreadyDecided):
        offers.decline(desk(), accepted.items[0], people(), by=DEV, now=NINE)
    with pytest.raises(AlreadyDecided):
        offers.withdraw(desk(), accepted.items[0], people(), by=CARO, now=NINE)


def test_accepting_late_takes_what_is_left_of_it() -> None:
    now = NINE + timedelta(hours=2)
    [cover] = offers.accept(desk(), offer(), POLICY, people(), by=DEV, now=now).covers
    assert (cover.takes.since, cover.takes.until) == (now, place().until)


def test_a_swap_changes_both_places_or_none() -> None:
    accepted = offers.accept(desk(), a_swap(), POLICY, people(), by=DEV, now=NINE)
    first, second = accepted.covers
    assert (first.takes.user, first.arranged_by) == (DEV, CARO)
    assert (second.takes.user, second.arranged_by) == (CARO, DEV)
    assert [fact.kind for fact in accepted.facts] == ["oncall.swapped"]
    assert not offers.decline(desk(), a_swap(), people(), by=DEV, now=NINE).covers


def test_a_swap_that_the_rota_has_overtaken_is_not_made() -> None:
    item = a_swap()
    given = offers.taken(item)[0]
    meanwhile = people(replace(given, user=IVAN))
    with pytest.raises(IllegalMove, match="changed since this was offered"):
        offers.accept(desk(), item, POLICY, meanwhile, by=DEV, now=NINE)


def test_nobody_swaps_a_shift_that_is_not_theirs() -> None:
    mine, theirs = swaps.swappable(POLICY, people(), CARO, NINE)
    with pytest.raises(InvalidInput, match="somebody else to swap with"):
        swaps.swap(desk(), POLICY, people(), mine[1], theirs[0], by=CARO, now=NINE)
    with pytest.raises(InvalidInput, match="not on call then any more"):
        swaps.swap(
            desk(), POLICY, people(), replace(theirs[1], user=DEV), replace(theirs[0], user=CARO), by=CARO, now=NINE
        )  # fmt: skip


def test_what_one_took_alone_they_give_back_and_what_two_agreed_only_those_in_charge_undo() -> None:
    alone = Cover(id="a", takes=place(DEV), arranged_by=DEV, arranged_at=NINE)
    agreed = replace(alone, arranged_by=CARO)
    directory = people(place(DEV))
    assert swaps.give_back(desk(), POLICY, directory, alone, by=DEV, now=NINE).uncovered == ("a",)
    for who in (DEV, CARO):
        with pytest.raises(NotAllowed, match="two people agreed on this"):
            swaps.give_back(desk(), POLICY, directory, agreed, by=who, now=NINE)
    decision = swaps.give_back(desk(), POLICY, directory, agreed, by=IVAN, now=NINE)
    assert decision.facts[0].data["again"] == [CARO]
    with pytest.raises(IllegalMove, match="is over"):
        swaps.give_back(desk(), POLICY, directory, alone, by=DEV, now=NINE + timedelta(days=1))


def test_only_whole_shifts_of_ones_own_roles_can_be_swapped() -> None:
    mine, theirs = swaps.swappable(POLICY, people(), CARO, NINE)
    assert {one.user for one in mine} == {CARO}
    assert {one.user for one in theirs} == {DEV}
    assert {one.role for one in (*mine, *theirs)} == {L2}
    assert swaps.swappable(POLICY, people(), user("mona"), NINE) == ((), ())


def test_a_timer_that_comes_twice_or_late_says_nothing_twice() -> None:
    item = offer()
    nagged = offers.fell_due(desk(), item, TimerKind.NAG, POLICY, people(), NINE + timedelta(minutes=30))
    assert [fact.kind for fact in nagged.facts] == ["oncall.reminded"]
    after = nagged.items[0]
    late = NINE + timedelta(hours=9)
    assert not offers.fell_due(desk(), after, TimerKind.NAG, POLICY, people(), late).facts
    expired = offers.fell_due(desk(), after, TimerKind.EXPIRE, POLICY, people(), late)
    assert expired.items[0].state is ItemState.EXPIRED
    assert not offers.fell_due(desk(), expired.items[0], TimerKind.EXPIRE, POLICY, people(), late).facts


@given(
    since=st.integers(-72, 24 * 40), length=st.integers(1, 24 * 20), at=st.integers(0, 24 * 60), who=st.sampled_from([DEV, CARO])
)  # fmt: skip
def test_a_place_taken_holds_exactly_while_it_lasts(since: int, length: int, at: int, who: UserId) -> None:
    takes = place(who, since=since, until=since + length)
    moment = NINE + timedelta(hours=at)
    if takes.until <= NINE:
        return
    if offers.still_has(POLICY, people(), covers.from_now(takes, NINE), who):
        with pytest.raises(InvalidInput, match="all that time already"):
            take(takes, who)
        return
    [cover] = take(takes, who).covers
    plain, covered = people(), people(cover.takes)
    before = holders(POLICY, replace(plain, at=moment), L2)
    after = holders(POLICY, replace(covered, at=moment), L2)
    within = cover.takes.since <= moment < cover.takes.until
    assert [p.id for p in after] == ([who] if within else [p.id for p in before])


def test_a_place_that_one_has_already_is_neither_taken_twice_nor_offered() -> None:
    first = take(place(DEV), DEV)
    directory = people(first.covers[0].takes)
    with pytest.raises(InvalidInput) as twice:
        take(place(DEV), DEV, directory)
    assert twice.value.problems == {
        "owner": "You are on call there all that time already. `/incident oncall` shows it."
    }
    with pytest.raises(InvalidInput):
        take(place(DEV), CARO, directory)


def test_the_same_is_not_offered_twice_while_it_waits() -> None:
    waiting, again = offer(place(since=-1)), offer(place(since=-0.5))
    with pytest.raises(NotNow, match="still waits"):
        offers.require_new([waiting], again)
    offers.require_new([replace(waiting, state=ItemState.REJECTED)], again)
    offers.require_new([waiting], offer(place(until=6)))


def test_whoever_left_while_in_somebodys_place_hides_nobody_from_the_rota() -> None:
    gone = people(place(DEV, since=-1), dev={"is_active": False})
    assert [person.id for person in holders(POLICY, gone, L2)] == [CARO]
    assert offers.still_has(POLICY, gone, place(CARO), CARO)
    assert covers.displaced(POLICY, gone, place(IVAN)) == (CARO,)


def test_the_nearest_shifts_come_first_because_a_form_holds_so_many_only() -> None:
    daily = turns(CARO_MAIL, DEV_MAIL, every="daily", weekday=None)
    two = on_rota(daily, Slot(primary=("schedule/platform",), backup=("schedule/platform",)))
    for shifts in swaps.swappable(two, people(), CARO, NINE):
        assert len(shifts) > 2
        assert [shift.since for shift in shifts] == sorted(shift.since for shift in shifts)
