from dataclasses import replace

import pytest

from blocks import page as pages
from blocks import reminder
from blocks.render import Draw
from blocks.words import WHY_ASKED
from bot.domain import repeats
from bot.domain.items import ItemKind, ItemState, Reason
from tests.blocks.scenes import (
    CARO,
    DEV,
    IVAN,
    NINE,
    directory,
    incident,
    labels_of,
    page,
    policy,
    texts_of,
    view,
)

CALL = {"users": [CARO], "reason": "opened", "rung": 0}


def test_a_page_says_who_must_do_what_by_when_and_why() -> None:
    post = pages.draw(view(page()), CALL)
    assert "<@U0CARO>, you are asked to take *INC-42 (SEV2): Checkout is down*" in post.text
    assert "Answer by <!date^" in post.text
    assert any("your role is called in at this severity" in text for text in texts_of(post.blocks))
    assert labels_of(post.blocks) == ["Acknowledge", "Decline", "Escalate now"]


@pytest.mark.promise("S3-27")
@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_for_asking_is_said_in_words(reason: Reason) -> None:
    said = "\n".join(texts_of(pages.draw(view(page()), {**CALL, "reason": reason.value}).blocks))
    assert f"Why you: {WHY_ASKED[reason]}." in said


def test_each_reason_has_words_of_its_own() -> None:
    assert len({WHY_ASKED[reason] for reason in Reason}) == len(Reason)


def test_an_answered_page_shows_who_has_it_and_offers_nothing() -> None:
    answered = page(state=ItemState.ACKNOWLEDGED, answered_by=DEV, answered_at=NINE, holders=())
    for draw in (pages.draw, pages.draw_nag, pages.draw_alarm):
        post = draw(view(answered), CALL)
        assert "<@U0DEV> has *INC-42" in post.text
        assert labels_of(post.blocks) == []


def test_whoever_was_passed_over_can_still_take_it() -> None:
    post = pages.draw(view(page(holders=(DEV,), asked=(CARO, DEV))), CALL)
    assert "Asked in your place: <@U0DEV>. You can still take it." in post.text
    assert "Acknowledge" in labels_of(post.blocks)


def test_who_followed_whoever_followed_is_no_news_to_whoever_was_passed_over() -> None:
    first = {**CALL, "turn": 1, "place": CARO}
    asked_dev = page(holders=(DEV,), asked=(CARO, DEV), details={"paged": {CARO: 1, DEV: 2}})
    asked_ivan = replace(
        asked_dev, holders=(IVAN,), asked=(CARO, DEV, IVAN), details={"paged": {CARO: 1, DEV: 2, IVAN: 3}}
    )
    passed = pages.draw(view(asked_dev), first)
    assert "Asked in your place: <@U0DEV>." in passed.text
    assert pages.draw(view(asked_ivan), first).digest == passed.digest


@pytest.mark.parametrize("draw", [pages.draw, pages.draw_nag])
def test_once_somebody_is_asked_again_only_the_newer_message_can_be_answered(draw: Draw) -> None:
    again = page(details={"turn": 3, "paged": {CARO: 3, DEV: 2, repeats.CHANNEL: 3}})
    old = draw(view(again), {**CALL, "turn": 1, "place": CARO})
    assert "Asked again since, further down." in old.text
    assert labels_of(old.blocks) == []
    new = draw(view(again), {**CALL, "turn": 3, "place": CARO})
    assert "Acknowledge" in labels_of(new.blocks)
    assert draw(view(replace(again, due_at=None)), {**CALL, "turn": 1, "place": CARO}).digest == old.digest


def test_whoever_declined_is_passed_over_although_others_of_the_rung_are_still_asked() -> None:
    declined = page(
        holders=(IVAN, DEV), asked=(CARO, DEV, IVAN), details={"paged": {CARO: 1, DEV: 1, IVAN: 2}}
    )
    both = {"users": [CARO, DEV], "turn": 1}
    theirs = pages.draw(view(declined), {**both, "place": CARO})
    assert "Asked in your place: <@U0IVAN>. You can still take it." in theirs.text
    assert "Answer by" in pages.draw(view(declined), {**both, "place": DEV}).text


def test_a_step_that_ran_late_says_so() -> None:
    assert "12 minutes earlier" in pages.draw(view(page()), {**CALL, "late_seconds": 725}).text
    assert "earlier" not in pages.draw(view(page()), CALL).text


def test_the_alarm_names_everybody_who_was_asked_and_can_be_answered() -> None:
    alarmed, number = repeats.once_more(page(state=ItemState.EXHAUSTED, asked=(CARO, DEV)))
    post = pages.draw_alarm(view(alarmed), {"number": number})
    assert "Nobody has answered for INC-42" in post.text
    assert "<@U0CARO>, <@U0DEV>" in post.text
    assert "Acknowledge" in labels_of(post.blocks)


def test_an_alarm_that_has_sounded_again_leaves_the_answer_to_the_newest_one() -> None:
    first, number = repeats.once_more(page(state=ItemState.EXHAUSTED, asked=(CARO, DEV)))
    again, _ = repeats.once_more(first)
    post = pages.draw_alarm(view(again), {"number": number})
    assert "the alarm has sounded again since" in post.text
    assert labels_of(post.blocks) == []

    answered = replace(again, state=ItemState.ACKNOWLEDGED, answered_by=DEV, answered_at=NINE)
    assert "<@U0DEV> has *INC-42" in pages.draw_alarm(view(answered), {"number": number}).text


def test_an_alarm_of_a_climb_that_began_anew_names_who_is_asked_now() -> None:
    alarmed, number = repeats.once_more(page(state=ItemState.EXHAUSTED, asked=(CARO, DEV)))
    post = pages.draw_alarm(view(replace(alarmed, state=ItemState.OPEN, holders=(DEV,))), {"number": number})
    assert "now asked: <@U0DEV>" in post.text
    assert labels_of(post.blocks) == []


def test_an_overdue_reminder_that_came_again_leaves_the_answer_to_the_newest_one() -> None:
    step = page(kind=ItemKind.NEXT_STEP, details={"text": "Roll back"}, holders=(CARO,))
    late, number = repeats.once_more(step)
    said = {"moment": "nextstep_overdue", "users": [CARO], "number": number}
    assert labels_of(reminder.draw(view(late), said).blocks) == ["Done", "Next step"]

    later, _ = repeats.once_more(late)
    for changed in (later, step):
        post = reminder.draw(view(changed), said)
        assert "Owed now: next step: Roll back" in post.text
        assert labels_of(post.blocks) == []


def test_somebody_who_is_only_told_owes_no_answer() -> None:
    about = view(None)
    post = pages.draw(about, {"inform": True, "users": ["U0XENA"], "role": "executive_sponsor"})
    assert "You owe no answer" in post.text
    assert labels_of(post.blocks) == []


def test_a_page_of_a_cancelled_duty_says_that_it_is_over() -> None:
    post = pages.draw(view(page(state=ItemState.CANCELLED)), CALL)
    assert "no longer needed" in post.text
    assert labels_of(post.blocks) == []


def test_reminders_turn_into_done_when_it_is_done() -> None:
    step = page(kind=ItemKind.NEXT_STEP, details={"text": "Roll back"}, holders=(CARO,))
    waiting = reminder.draw(view(step), {"moment": "nextstep_overdue", "users": [CARO]})
    assert "overdue" in waiting.text
    assert labels_of(waiting.blocks) == ["Done", "Next step"]

    done = reminder.draw(
        view(replace(step, state=ItemState.DONE)), {"moment": "nextstep_overdue", "users": [CARO]}
    )
    assert "is done" in done.text
    assert labels_of(done.blocks) == []


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("due_soon", "is promised for"),
        ("overdue", "has not been posted"),
        ("backup", "Please post it in their place"),
    ],
)
def test_a_promised_update_is_chased_in_its_own_words(moment: str, words: str) -> None:
    promise = page(kind=ItemKind.UPDATE, role="comms_lead", title="Post the promised update")
    post = reminder.draw(view(promise), {"moment": moment, "users": [CARO]})
    assert words in post.text
    assert labels_of(post.blocks) == ["Post update"]


def test_the_scene_is_the_default_pack() -> None:
    assert policy().row(incident().severity).lead in policy().roster
    assert CARO in directory().people
