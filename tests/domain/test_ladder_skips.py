from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.decision import CATCH_ALL, NoticeKind
from bot.domain.incident import Severity
from bot.domain.items import ItemState
from tests.domain.small_pack import FRIDAY_NINE, SEVERITIES, directory, policy, rungs, step, user
from tests.domain.world import World


@pytest.mark.promise("S3-27")
def test_an_empty_slot_is_passed_at_once_and_named() -> None:
    world = World(policy=policy({"l2": ("", "dev")}))
    world.opens(Severity.SEV3)
    assert world.asked("l2") == [(0, "dev", "vacancy")]
    assert world.record("role.assigned")[0]["reason"] == "vacancy"
    skipped = world.record("ladder.skipped")[0]
    assert (skipped["slot"], skipped["reason"]) == ("primary", "vacancy")
    assert world.incident.lead == user("dev")


def test_a_deactivated_person_is_a_vacancy() -> None:
    world = World(directory=directory(caro={"is_active": False}))
    world.opens(Severity.SEV3)
    assert world.asked("l2") == [(0, "dev", "vacancy")]


@pytest.mark.promise("S3-27")
def test_a_slot_that_slack_was_not_asked_about_yet_is_passed_under_a_name_of_its_own() -> None:
    everybody = directory()
    unasked = {name: ids for name, ids in everybody.references.items() if name != "caro@acme.example"}
    world = World(directory=replace(everybody, references=unasked))
    world.opens(Severity.SEV3)
    assert world.asked("l2") == [(0, "dev", "vacancy")], "nobody waits for Slack"
    assert [(s["slot"], s["reason"]) for s in world.record("ladder.skipped")] == [
        ("primary", "not_resolved_yet")
    ]


def test_a_ladder_on_which_nobody_stands_alarms_at_once() -> None:
    world = World(policy=policy({"l2": (), "technical_lead": ()}))
    world.opens(Severity.SEV3)
    assert world.page("l2").state is ItemState.EXHAUSTED
    assert world.said(NoticeKind.ALARM, CATCH_ALL) == [(0, CATCH_ALL)]
    assert len(world.record("ladder.skipped")) == 3, "each slot once, not once a round"


def test_when_the_roster_is_filled_the_alarm_gives_way_to_a_page() -> None:
    world = World(
        policy=policy({"incident_manager": (), "l3": (), "executive_sponsor": (), "technical_lead": ()})
    )
    world.opens(Severity.SEV1)
    assert world.page("incident_manager").state is ItemState.EXHAUSTED
    world.policy = policy()
    world.passes(15)
    assert world.page("incident_manager").state is ItemState.OPEN
    assert world.asked("incident_manager") == [(15, "ivan", "vacancy")]


@pytest.mark.promise("S3-27")
def test_a_decline_asks_the_next_person_at_once() -> None:
    world = World()
    world.opens(Severity.SEV3)
    world.passes(7)
    world.declines("caro", "l2")
    assert world.asked("l2") == [(0, "caro", "opened"), (7, "dev", "declined")]
    assert world.record("ack.declined")[0]["reason"] == "busy"
    assert world.page("l2").due_at == FRIDAY_NINE + timedelta(minutes=67)


def test_whoever_declined_is_not_asked_again_in_that_climb() -> None:
    world = World(policy=policy({"technical_lead": ("caro",)}))
    world.opens(Severity.SEV3)
    world.declines("caro", "l2")
    world.passes(600)
    assert {name for at, name, _ in world.asked("l2") if at > 0} == {"dev"}


def test_when_everybody_has_declined_the_alarm_sounds_at_once() -> None:
    world = World()
    world.opens(Severity.SEV3)
    for name in ("caro", "dev", "tess"):
        world.declines(name, "l2")
    assert world.page("l2").state is ItemState.EXHAUSTED
    assert world.record("ladder.exhausted")[0]["cause"] == "declined"


def test_a_decline_leaves_the_others_of_the_rung_asked() -> None:
    world = World()
    world.opens(Severity.SEV2)
    world.passes(15)
    assert set(world.page("l2").holders) == {user("dev"), user("ivan")}
    world.declines("dev", "l2")
    assert set(world.page("l2").holders) == {user("ivan"), user("eli")}


@pytest.mark.promise("S3-27")
def test_a_page_that_cannot_be_delivered_asks_the_next_person_at_once() -> None:
    world = World()
    world.opens(Severity.SEV3)
    world.cannot_reach("caro", "l2")
    assert world.asked("l2") == [(0, "caro", "opened"), (0, "dev", "delivery_failure")]
    assert world.cannot_reach("caro", "l2").facts == (), "the same failure reported twice is one"


def test_one_of_two_who_cannot_be_reached_moves_nothing() -> None:
    world = World()
    world.opens(Severity.SEV2)
    world.passes(15)
    before = world.page("l2")
    world.cannot_reach("dev", "l2")
    assert world.page("l2").rung == before.rung
    world.cannot_reach("ivan", "l2")
    assert world.page("l2").holders == (user("eli"),)


def test_a_failed_delivery_after_the_answer_changes_nothing() -> None:
    world = World()
    world.opens(Severity.SEV3)
    world.acknowledges("caro", "l2")
    assert world.cannot_reach("caro", "l2").items == ()


def test_a_step_that_only_informs_leaves_the_last_person_asked() -> None:
    world = World()
    world.opens(Severity.SEV2)
    world.passes(45)
    page = world.page("incident_manager")
    assert page.rung == 3
    assert page.holders == (user("eli"),)
    told = [n.to for _, n in world.notices.values() if n.data.get("inform")]
    assert told == ["user:UXENA", "user:UXENA"], "once for each page, and nobody waits for her answer"
    world.passes(15)
    assert world.page("incident_manager").round == 1


def test_an_informed_role_is_told_once_however_often_the_ladder_is_climbed() -> None:
    world = World()
    world.opens(Severity.SEV2)
    world.passes(60 * 4)
    told = [n for _, n in world.notices.values() if n.data.get("inform")]
    assert len(told) == 2


def test_a_ladder_that_informs_first_asks_in_the_same_moment() -> None:
    quiet_start = SEVERITIES[Severity.SEV3].model_copy(
        update={"ladder": rungs(step(wait=5, inform=("executive_sponsor",)), step("primary", wait=10))}
    )
    world = World(policy=policy(severities={Severity.SEV3: quiet_start}))
    world.opens(Severity.SEV3)
    assert world.asked("l2") == [(0, "caro", "opened")]
    assert [n.to for _, n in world.notices.values() if n.data.get("inform")] == ["user:UXENA"]


def test_the_same_person_on_two_rungs_costs_no_time() -> None:
    world = World(policy=policy({"l2": ("caro", "caro")}))
    world.opens(Severity.SEV3)
    world.passes(60)
    assert world.asked("l2") == [(0, "caro", "opened"), (60, "tess", "missed_ack")]
    assert world.record("ladder.skipped")[0]["reason"] == "already_asked"


def test_one_person_with_two_roles_gets_a_page_for_each_and_one_answer_leaves_the_other() -> None:
    world = World(policy=policy({"technical_lead": ("ivan", "theo")}))
    world.opens(Severity.SEV1)
    world.acknowledges("ivan", "incident_manager")
    assert world.page("technical_lead").state is ItemState.OPEN
    world.passes(5)
    assert world.page("technical_lead").holders == (user("theo"),)
