from hypothesis import given
from hypothesis import strategies as st

from blocks import kit, lists
from blocks.render import render
from bot.domain.decision import NoticeKind
from bot.domain.incident import ChannelId
from bot.domain.items import ItemKind
from tests.blocks.scenes import NINE, incident, page, suggestion, texts_of, view
from tests.blocks.test_oncall import a_shift, an_offer

ATTACK = "<!channel> <https://evil.example|click> <@U0IVAN> & more"


def _mrkdwn(blocks: object) -> list[str]:
    if isinstance(blocks, dict):
        own = [blocks["text"]] if blocks.get("type") == "mrkdwn" else []
        return own + [text for value in blocks.values() for text in _mrkdwn(value)]
    if isinstance(blocks, list | tuple):
        return [text for block in blocks for text in _mrkdwn(block)]
    return []


def test_a_title_cannot_call_the_channel_or_plant_a_link_anywhere() -> None:
    step = page(id="x/2", kind=ItemKind.NEXT_STEP, details={"text": ATTACK})
    about = {
        NoticeKind.PAGE: page(),
        NoticeKind.ALARM: page(),
        NoticeKind.REMINDER: step,
        NoticeKind.APPROVAL: suggestion(title=ATTACK),
        NoticeKind.OFFER: an_offer(title=ATTACK),
        NoticeKind.SHIFT: a_shift(title=ATTACK),
    }
    for kind in (k for k in NoticeKind if "." not in k.value):
        scene = view(
            about.get(kind, page()),
            step,
            title=ATTACK,
            summary=ATTACK,
            severity_reason=ATTACK,
            channel_problem=ATTACK,
        )
        if kind is NoticeKind.HALF_TIME:
            scene = view(suggestion(), title=ATTACK)
        said = {"text": ATTACK, "audience": "internal", "moment": "open", "at": NINE.isoformat()}
        post = render(kind, scene, said | {"findings": [{"says": ATTACK, "todo": ATTACK}]})
        for text in (post.text, *_mrkdwn(post.blocks)):
            assert "<!channel>" not in text
            assert "<https://evil.example" not in text


@given(st.text())
def test_escaping_leaves_nothing_that_slack_would_read(text: str) -> None:
    escaped = kit.escape(text)
    assert "<" not in escaped
    assert ">" not in escaped
    assert escaped.count("&") == sum(escaped.count(entity) for entity in ("&amp;", "&lt;", "&gt;"))


def test_a_private_incident_keeps_its_title_out_of_lists_and_announcements() -> None:
    secret = incident(private=True, title="Payroll data was taken", channel_id=ChannelId("C0SECRET"))
    listed = "\n".join(texts_of(lists.open_incidents([secret]).blocks))
    assert "INC-42" in listed
    assert "Payroll" not in listed
    assert "C0SECRET" not in listed

    told = render(
        NoticeKind.ANNOUNCEMENT, view(private=True, title="Payroll data was taken"), {"moment": "open"}
    )
    assert "Payroll" not in told.text + "\n".join(texts_of(told.blocks))


def test_moments_close_by_are_told_as_times_and_far_ones_with_their_day() -> None:
    assert kit.when(NINE, NINE) == f"<!date^{int(NINE.timestamp())}^{{time}}|09:00 UTC>"
    assert (
        kit.when(NINE)
        == f"<!date^{int(NINE.timestamp())}^{{date_short_pretty}} at {{time}}|2026-11-20 09:00 UTC>"
    )
