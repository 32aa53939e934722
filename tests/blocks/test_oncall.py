from datetime import timedelta
from typing import Any

import pytest

from blocks import oncall
from blocks.forms import oncall as forms
from blocks.render import render
from blocks.words import duty
from bot.domain.covers import Cover
from bot.domain.decision import NoticeKind
from bot.domain.incident import Role
from bot.domain.items import Item, ItemId, ItemKind, ItemState
from bot.domain.oncall import Override
from bot.domain.policy import RoleRow, Slot
from tests.blocks.legal import check_post, check_view
from tests.blocks.scenes import ANA, CARO, DEV, NINE, directory, labels_of, page, policy, texts_of, view

ATTACK = "<!channel> <https://evil.example|click>"


def takes(**changes: Any) -> dict[str, Any]:
    until = NINE + timedelta(days=7)
    plain = {
        "role": "l2",
        "part": "primary",
        "user": DEV,
        "since": NINE.isoformat(),
        "until": until.isoformat(),
    }
    return plain | changes


def an_offer(**changes: Any) -> Item:
    details = {"sort": "cover", "by": CARO, "takes": [takes()]}
    made: dict[str, Any] = {
        "id": ItemId("desk/offer"),
        "kind": ItemKind.OFFER,
        "holders": (DEV,),
        "details": details,
    }
    return page(**made | changes)


def a_shift(work: int = 1, **changes: Any) -> Item:
    owed = [
        {"kind": "next_step", "what": ATTACK * 20, "due": NINE.isoformat(), "by": [CARO]} for _ in range(6)
    ]
    one = {
        "key": "INC-1",
        "severity": "SEV2",
        "title": ATTACK * 20,
        "channel": "C0INC",
        "lead": CARO,
        "next_update": NINE.isoformat(),
        "owed": owed,
    }
    details = {
        "part": "primary",
        "outgoing": [CARO],
        "at": NINE.isoformat(),
        "until": None,
        "open": [one] * work,
    }
    made: dict[str, Any] = {
        "id": ItemId("desk/shift"),
        "kind": ItemKind.HANDOVER,
        "holders": (DEV,),
        "details": details,
    }
    return page(**made | changes)


def said(kind: NoticeKind, item: Item, **data: Any) -> str:
    post = render(kind, view(item), data)
    check_post(post)
    assert "<!channel>" not in "".join(texts_of(post.blocks))
    return "\n".join(texts_of(post.blocks))


def buttons(kind: NoticeKind, item: Item, **data: Any) -> list[str]:
    return labels_of(render(kind, view(item), data).blocks)


def test_whoever_is_asked_can_accept_or_decline_and_whoever_asked_can_withdraw() -> None:
    assert buttons(NoticeKind.OFFER, an_offer(), user=DEV) == ["Accept", "Decline"]
    assert buttons(NoticeKind.OFFER, an_offer(), user=CARO) == ["Withdraw"]


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (ItemState.DONE, "Accepted"),
        (ItemState.REJECTED, "Declined"),
        (ItemState.EXPIRED, "Expired"),
        (ItemState.CANCELLED, "Withdrawn"),
    ],
)
def test_an_offer_that_is_over_says_what_came_of_it_and_offers_nothing(state: ItemState, word: str) -> None:
    over = an_offer(state=state, answered_by=DEV)
    assert word in said(NoticeKind.OFFER, over, user=DEV)
    assert buttons(NoticeKind.OFFER, over, user=DEV) == []


@pytest.mark.parametrize("moment", ["asked", "copy", "nag", "overdue"])
@pytest.mark.parametrize("work", [0, 1, 10])
def test_a_shift_card_is_legal_however_much_is_open(moment: str, work: int) -> None:
    said(NoticeKind.SHIFT, a_shift(work), user=DEV, moment=moment)
    assert buttons(NoticeKind.SHIFT, a_shift(work), user=DEV, moment=moment) == ["I have it"]
    assert buttons(NoticeKind.SHIFT, a_shift(work), user=CARO, moment=moment) == []


def test_the_shift_card_in_the_catch_all_addresses_nobody_who_is_not_there() -> None:
    assert "<@>" not in said(NoticeKind.SHIFT, a_shift(), moment="overdue")


def test_what_is_owed_on_call_has_words() -> None:
    assert duty(policy(), a_shift(title="Say that you are on call now")) == "say that you are on call now"


def test_the_overview_is_legal_with_many_roles_and_many_places_taken() -> None:
    many = {Role(f"role_{n}"): Slot(primary=("caro@acme.example",)) for n in range(80)}
    large = policy().model_copy(
        update={"roster": many, "roles": {role: RoleRow(label=f"{ATTACK} {role}") for role in many}}
    )
    covers = [
        Cover(
            id=f"c{n}",
            takes=Override(
                role=Role("role_1"), part="primary", user=ANA, since=NINE, until=NINE + timedelta(days=1)
            ),
            arranged_by=ANA,
            arranged_at=NINE,
        )
        for n in range(40)
    ]
    check_post(oncall.draw(large, directory(), covers, [an_offer()] * 3, ANA, NINE))
    check_post(oncall.draw_role(large, directory(), Role("role_1"), covers, [], ANA, NINE))


def test_the_forms_are_legal() -> None:
    roles = list(policy().roster)
    check_view(
        forms.take(policy(), roles, user=ANA, role=roles[0], since=NINE, until=NINE + timedelta(hours=1))
    )
    shifts = [(f"{n}", "Mon 30 Nov 09:00 until Mon 07 Dec 09:00", "x" * 200) for n in range(150)]
    check_view(forms.swap(shifts, shifts))


@pytest.mark.parametrize(
    ("by", "said"),
    [
        (DEV, f"<@{DEV}> gave back *L2 platform*"),
        (CARO, f"<@{CARO}> ended the time of <@{DEV}> as *L2 platform*"),
    ],
)
def test_it_is_said_whose_time_was_ended_by_whom(by: str, said: str) -> None:
    data = {"line": "oncall_cancelled", "reader": ANA, "by": by, "again": [ANA], **takes()}
    assert said in render(NoticeKind.LINE, view(), data).text
