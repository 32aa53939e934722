"""Who holds a role now: rotations, overrides and feeds behind the roster, and the fallback where nobody is left."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.decision import CATCH_ALL, NoticeKind
from bot.domain.incident import Role, Severity, UserId
from bot.domain.items import ItemState
from bot.domain.oncall import Duty, Override, Shift, gaps
from bot.domain.policy import Slot
from bot.domain.roles import Directory, holders, is_resolved, references, roles_of, stand_ins
from tests.domain.rotations import L2, hours, layer, mails, moment, pack
from tests.domain.small_pack import FRIDAY_NINE, directory, policy, user
from tests.domain.world import World

NOON = moment("2026-11-20T12:00")
NOBODY_ON_CALL = {"l2": Slot(fallback=mails("tess"))}


def there(at: datetime | None = NOON, duty: Duty | None = None, **changes: dict[str, bool]) -> Directory:
    return replace(directory(**changes), at=at, duty=duty or Duty())


def names(found: tuple[object, ...]) -> list[str]:
    return [str(getattr(person, "name", "")) for person in found]


def override(who: str, part: str = "primary", **changes: datetime) -> Override:
    usual = {"since": NOON, "until": NOON + timedelta(hours=4)}
    return Override(role=L2, part=part, user=user(who), **usual | changes)


def test_a_role_is_held_by_whose_turn_it_is() -> None:
    weekly = pack(layer("caro", "eli"))
    assert names(holders(weekly, there(moment("2026-11-05T12:00")), L2)) == ["caro"]
    assert names(holders(weekly, there(moment("2026-11-12T12:00")), L2)) == ["eli"]
    assert names(holders(weekly, there(moment("2026-11-12T12:00")), L2, "backup")) == ["dev"]
    assert L2 in roles_of(weekly, there(moment("2026-11-12T12:00")), user("eli"))
    assert L2 not in roles_of(weekly, there(moment("2026-11-05T12:00")), user("eli")), "it is not his week"
    assert holders(weekly, there(None), L2) == holders(weekly, there(None), L2, "primary") == ()


def test_an_override_holds_the_slot_while_it_lasts_and_only_for_somebody_who_may_act() -> None:
    weekly = pack(layer("caro", "eli"))
    duty = Duty(overrides=(override("fay"),))
    assert names(holders(weekly, there(NOON, duty), L2)) == ["fay"]
    assert names(holders(weekly, there(NOON - timedelta(seconds=1), duty), L2)) == ["caro"]
    assert names(holders(weekly, there(NOON + timedelta(hours=4), duty), L2)) == ["caro"]
    assert L2 in roles_of(weekly, there(NOON, duty), user("fay"))
    assert L2 not in roles_of(weekly, there(NOON, duty), user("caro"))
    gone = there(NOON, duty, fay={"is_active": False})
    assert names(holders(weekly, gone, L2)) == ["caro"], "the rotation goes on without her"
    for stranger in ("UBOT", "UEXT", "UNOBODY"):
        other = Duty(overrides=(replace(override("fay"), user=UserId(stranger)),))
        assert names(holders(weekly, there(NOON, other), L2)) == ["caro"]


def test_a_feed_names_people_by_their_address() -> None:
    shift = Shift(members=mails("eli"), since=NOON, until=NOON + timedelta(hours=1))
    fed = Duty(feeds={"platform": (shift,)})
    assert names(holders(pack(layer("caro")), there(NOON, fed), L2)) == ["eli"]
    assert names(holders(pack(layer("caro")), there(shift.until, fed), L2)) == ["caro"]
    guest = Duty(feeds={"platform": (replace(shift, members=("nora@acme.example",)),)})
    assert references(pack(layer("caro")), guest) - references(pack(layer("caro"))) == {"nora@acme.example"}


def test_everybody_whom_the_roster_can_come_to_is_looked_up() -> None:
    found = references(pack(layer("Caro", "eli"), fallback=("tess",)))
    assert {"caro@acme.example", "eli@acme.example", "dev@acme.example", "tess@acme.example"} <= found
    assert not any(name.startswith("schedule/") for name in found)


def test_a_member_whom_slack_was_not_asked_about_is_not_known_yet_only_while_it_is_his_turn() -> None:
    weekly = pack(layer("caro", "eli"))
    everybody = there(moment("2026-11-05T12:00"))
    unasked = {name: ids for name, ids in everybody.references.items() if name != "eli@acme.example"}
    early = replace(everybody, references=unasked)
    assert is_resolved(weekly, early, L2)
    assert not is_resolved(weekly, replace(early, at=moment("2026-11-12T12:00")), L2)


@pytest.mark.promise("S0-26")
def test_where_nobody_is_primary_the_backup_is_assigned_at_once_and_the_gap_is_on_record() -> None:
    nights = hours(since="20:00", until="06:00")
    world = World(policy=pack(layer("caro", hours=(nights,))), directory=there(FRIDAY_NINE))
    world.opens(Severity.SEV3)
    assert world.asked("l2") == [(0, "dev", "vacancy")]
    assert world.incident.lead == user("dev")
    assert world.record("role.assigned")[0] == {"role": "l2", "users": ["UDEV"], "reason": "vacancy"}
    assert world.record("ladder.skipped")[0]["slot"] == "primary"


@pytest.mark.promise("S0-26")
def test_where_a_role_is_empty_its_fallback_is_assigned_at_once_and_never_everyone() -> None:
    empty = policy().model_copy(update={"roster": {**policy().roster, **NOBODY_ON_CALL}})
    world = World(policy=empty)
    world.opens(Severity.SEV3)
    assert world.asked("l2") == [(0, "tess", "vacancy")], "she and nobody else"
    assert world.incident.lead == user("tess")
    assert world.record("role.assigned")[0]["reason"] == "vacancy"
    assert (world.record("ladder.skipped")[0]["slot"], world.record("ladder.skipped")[0]["reason"]) == (
        "primary",
        "vacancy",
    )
    world.acknowledges("tess", "l2")
    assert world.page("l2").state is not ItemState.EXHAUSTED


def test_a_fallback_who_stays_silent_is_passed_like_anybody_else() -> None:
    empty = policy().model_copy(update={"roster": {**policy().roster, **NOBODY_ON_CALL}})
    world = World(policy=empty)
    world.opens(Severity.SEV3)
    world.passes(60)
    # Her own role stands on the ladder too: once a round is enough, and the alarm is not delayed.
    assert world.asked("l2")[0] == (0, "tess", "vacancy")
    assert {name for _, name, _ in world.asked("l2")} <= {"tess", "theo"}
    assert "already_asked" in {skip["reason"] for skip in world.record("ladder.skipped")}


def test_a_role_without_anybody_and_without_a_fallback_alarms_as_before() -> None:
    world = World(policy=policy({"l2": (), "technical_lead": ()}))
    world.opens(Severity.SEV3)
    assert world.page("l2").state is ItemState.EXHAUSTED
    assert world.said(NoticeKind.ALARM, CATCH_ALL) == [(0, CATCH_ALL)]


def test_the_fallback_holds_the_role_only_while_nobody_else_does() -> None:
    covered = pack(layer("caro", hours=(hours(since="09:00", until="17:00"),)), backup=(), fallback=("tess",))
    day, night = there(NOON), there(moment("2026-11-20T23:00"))
    assert names(holders(covered, day, L2)) == ["caro"]
    assert stand_ins(covered, day, L2) == holders(covered, day, L2, "backup") == ()
    assert L2 not in roles_of(covered, day, user("tess")), "she may not decide in his place"
    assert names(holders(covered, night, L2)) == names(holders(covered, night, L2, "backup")) == ["tess"]
    assert L2 in roles_of(covered, night, user("tess"))
    left = there(NOON, None, caro={"is_active": False})
    assert names(holders(covered, left, L2)) == ["tess"], "a leaver leaves the slot empty"


def test_a_gap_is_found_before_it_comes() -> None:
    days = layer("caro", "eli", hours=(hours(since="06:00", until="22:00"),))
    found = gaps(pack(days), NOON, NOON + timedelta(days=1), Duty())
    assert [(g.role, g.part, g.since, g.until, g.members) for g in found] == [
        (L2, "primary", moment("2026-11-20T22:00"), moment("2026-11-21T06:00"), ())
    ]
    assert gaps(pack(days, fallback=("tess",)), NOON, NOON + timedelta(days=30), Duty()) == ()
    covered = override("fay", since=moment("2026-11-20T22:00"), until=moment("2026-11-21T06:00"))
    assert gaps(pack(days), NOON, NOON + timedelta(days=1), Duty(overrides=(covered,))) == ()
    assert len(gaps(pack(days), NOON, NOON + timedelta(days=30), Duty())) == 30


def test_a_week_of_somebody_who_left_is_a_gap_that_says_whose_it_was() -> None:
    weekly = pack(layer("caro", "eli"))
    left = there(NOON, None, eli={"is_active": False})
    [gap] = [g for g in gaps(weekly, NOON, NOON + timedelta(days=14), Duty(), left) if g.role == L2]
    assert (gap.since, gap.until) == (moment("2026-11-23T09:00"), moment("2026-11-30T09:00"))
    assert gap.members == mails("eli")
    assert gaps(weekly, NOON, NOON + timedelta(days=14), Duty(), there()) == ()
    unasked = replace(left, references={n: i for n, i in left.references.items() if "eli" not in n})
    assert gaps(weekly, NOON, NOON + timedelta(days=14), Duty(), unasked) == (), (
        "Slack has not said who he is"
    )


def test_a_fallback_that_has_left_covers_nothing() -> None:
    nobody = pack(layer("caro", hours=(hours("sat", since="09:00", until="10:00"),)), fallback=("tess",))
    left = there(NOON, None, tess={"is_active": False})
    assert gaps(nobody, NOON, NOON + timedelta(hours=1), Duty(), left) != ()
    assert gaps(nobody, NOON, NOON + timedelta(hours=1), Duty(), there()) == ()


@given(st.integers(0, 60 * 24 * 60 - 1), st.sets(st.sampled_from(["caro", "eli", "dev", "tess"])))
def test_there_is_a_gap_exactly_where_nobody_would_be_asked(minute: int, gone: set[str]) -> None:
    days = layer("caro", "eli", hours=(hours(since="06:00", until="22:00"),))
    night = layer("dev", hours=(hours("sat", "sun", since="22:00", until="06:00"),))
    rota = pack(days, night, backup=(), fallback=("tess",))
    people = there(None, None, **{name: {"is_active": False} for name in gone})
    at = NOON + timedelta(minutes=minute)
    found = gaps(rota, NOON, NOON + timedelta(days=60), Duty(), people)
    here = [gap for gap in found if gap.role == L2 and gap.since <= at < gap.until]
    asked = holders(rota, replace(people, at=at), L2)
    assert bool(here) == (not asked)
    assert len(asked) <= 1, "never everyone"
    assert Role("l3") not in {gap.role for gap in found} or "eli" in gone
