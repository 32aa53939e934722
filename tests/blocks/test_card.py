from datetime import timedelta

from blocks import card, ids, repair
from bot.domain import repeats
from bot.domain.incident import ChannelState, Severity, Stage, Status
from bot.domain.items import ItemKind, ItemState
from tests.blocks.scenes import ANA, CARO, IVAN, NINE, labels_of, page, suggestion, texts_of, view


def test_the_card_says_who_is_asked_until_when_and_who_is_next() -> None:
    post = card.draw(view(page()), {})
    said = "\n".join(texts_of(post.blocks))
    assert "*L2 lead*: <@U0CARO>, answer by <!date^" in said.replace("L2 platform", "L2 lead")
    assert "then <@U0DEV>" in said
    assert "<@U0CARO>" in post.text, "the card is the first notice of the people it asks"


def test_the_card_offers_the_legal_stages_and_no_other() -> None:
    blocks = card.draw(view(stage=Stage("triage")), {}).blocks
    moves = [
        element["text"]["text"]
        for block in blocks
        for element in block.get("elements", ())
        if str(element.get("action_id", "")).startswith(ids.STAGE_PREFIX)
    ]
    assert moves == ["Contain", "Diagnose", "Resolve"]


def test_a_closed_incident_offers_only_to_reopen() -> None:
    post = card.draw(view(page(), status=Status.CLOSED, closed_at=NINE), {})
    assert labels_of(post.blocks) == ["Reopen"]


def test_nobody_is_offered_an_acknowledgement_once_it_is_given() -> None:
    answered = page(state=ItemState.ACKNOWLEDGED, answered_by=CARO, answered_at=NINE, holders=())
    post = card.draw(view(answered), {})
    assert "Acknowledge" not in labels_of(post.blocks)
    assert any("<@U0CARO> has it" in text for text in texts_of(post.blocks))


def test_one_button_takes_everything_one_is_asked_for() -> None:
    other = page(
        id="0123456789abcdef/acknowledge/incident_manager/1", role="incident_manager", holders=(IVAN,)
    )
    post = card.draw(view(page(), other), {})
    pressed = [
        element
        for block in post.blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if element["text"]["text"].startswith("Acknowledge")
    ]
    assert [(button["action_id"], button["value"]) for button in pressed] == [
        (ids.ACKNOWLEDGE_MINE, "0123456789abcdef")
    ]


def test_in_the_fallback_channel_each_role_has_its_own_button() -> None:
    other = page(
        id="0123456789abcdef/acknowledge/incident_manager/1", role="incident_manager", holders=(IVAN,)
    )
    labels = labels_of(
        card.draw(
            view(page(), other, channel_state=ChannelState.FALLBACK, channel_problem="restricted_action"), {}
        ).blocks
    )
    assert len([label for label in labels if label.startswith("Acknowledge as ")]) == 2


def test_a_missing_channel_is_shown_with_its_repair() -> None:
    post = card.draw(view(channel_state=ChannelState.FALLBACK, channel_problem="restricted_action"), {})
    assert "Make the channel" in labels_of(post.blocks)
    assert any("restricted_action" in text for text in texts_of(post.blocks))


def test_the_next_step_is_shown_with_owner_and_due_time() -> None:
    step = page(
        id="0123456789abcdef/next_step/1",
        kind=ItemKind.NEXT_STEP,
        holders=(ANA,),
        details={"text": "Roll back release 41"},
        due_at=NINE + timedelta(minutes=30),
    )
    said = "\n".join(texts_of(card.draw(view(step), {}).blocks))
    assert "*Next step*: Roll back release 41 (<@U0ANA>, due <!date^" in said


def test_what_is_overdue_says_so_and_since_when() -> None:
    late, _ = repeats.once_more(
        page(
            id="0123456789abcdef/next_step/1",
            kind=ItemKind.NEXT_STEP,
            holders=(ANA,),
            details={"text": "Roll back release 41"},
            due_at=NINE + timedelta(minutes=30),
        )
    )
    promise = page(
        id="0123456789abcdef/update/1", kind=ItemKind.UPDATE, holders=(IVAN,), details={"overdue": True}
    )
    shown = view(late, promise, next_update_at=NINE + timedelta(minutes=15))
    said = "\n".join(texts_of(card.draw(shown, {}).blocks))
    assert "Roll back release 41 (<@U0ANA>, :warning: *overdue since <!date^" in said
    assert "|09:30 UTC>" in said
    assert "*Promised update*: <@U0IVAN> owes it, :warning: *overdue since <!date^" in said
    assert "*Next promised update*" not in said


def test_a_private_incident_without_a_channel_is_masked_and_offers_the_repair() -> None:
    waiting = view(private=True, channel_state=ChannelState.FALLBACK, channel_problem="restricted_action")
    post = repair.draw(waiting, {})
    assert "The private incident INC-42 (SEV2) has no channel of its own* (restricted_action)" in post.text
    assert "Checkout" not in "\n".join(texts_of(post.blocks))
    assert labels_of(post.blocks) == ["Make the channel"]

    done = repair.draw(view(private=True, channel_state=ChannelState.READY), {})
    assert done.text == "The private incident INC-42 (SEV2) has its channel now."
    assert labels_of(done.blocks) == []


def test_a_severity_chosen_by_a_person_stands_beside_the_computed_one() -> None:
    said = "\n".join(texts_of(card.draw(view(severity=Severity.SEV1), {}).blocks))
    assert "The answers alone make it SEV2." in said


def test_what_was_crossed_at_the_opening_is_said_with_whoever_decides() -> None:
    crossed = {"threshold:T-05": {"at": NINE.isoformat()}, "threshold:T-06": {"at": NINE.isoformat()}}
    said = "\n".join(texts_of(card.draw(view(ticked=crossed), {}).blocks))
    assert ":bell: Threshold T-05: The same thing came back again." in said
    assert "Decides: technical lead (<@U0TESS>)." in said
    assert "T-06" not in said, "the score that crossed it is no longer as bad"


def test_what_waits_for_a_decision_is_named_on_the_card() -> None:
    said = "\n".join(texts_of(card.draw(view(None, suggestion()), {}).blocks))
    assert "*Waiting for a decision*: Raise the severity from SEV2 to SEV1" in said


def test_marks_name_what_is_special() -> None:
    post = card.draw(view(customer_visible=True, private=True, drill=True), {})
    said = "\n".join(texts_of(post.blocks))
    assert "Customers can see it · Private · Drill: nothing here is real" in said
    assert post.blocks[0]["text"]["text"].startswith("DRILL · INC-42")
