import re

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from blocks import home, kit, lists, topic, who
from blocks.forms import close, decide, loading, refusal, reopen, settle, severity, step, update
from blocks.forms import open as open_form
from blocks.render import render
from blocks.view import View
from bot.domain.decision import NoticeKind
from bot.domain.fields import Audience
from bot.domain.incident import Dimension, Incident, Severity
from bot.domain.items import Item, ProposalKind
from tests.blocks import scenes
from tests.blocks.legal import check_post, check_view

drawing = settings(max_examples=60, suppress_health_check=list(HealthCheck))
data = st.fixed_dictionaries(
    {},
    optional={
        "users": st.lists(scenes.users, max_size=3),
        "reason": st.sampled_from(["opened", "missed_ack", "nonsense"]),
        "inform": st.booleans(),
        "moment": st.sampled_from(["open", "closed", "overdue", "backup", "nextstep_overdue", "settle_nag"]),
        "text": scenes.outside_text,
        "stage": st.sampled_from(["contain", "nonsense"]),
        "audience": st.sampled_from(["internal", "customer", "executive"]),
        "late_seconds": st.integers(0, 100_000),
    },
)


@drawing
@given(
    kind=st.sampled_from(
        [
            NoticeKind.CARD,
            NoticeKind.NO_CHANNEL,
            NoticeKind.ANNOUNCEMENT,
            NoticeKind.STAGE_TEXT,
            NoticeKind.LINE,
        ]
    ),
    view=scenes.views(),
    said=data,
)
def test_any_incident_draws_legally(kind: NoticeKind, view: View, said: dict[str, object]) -> None:
    check_post(render(kind, view, said))


@drawing
@given(view=scenes.views(), text=scenes.outside_text, audience=st.sampled_from(Audience))
def test_an_update_draws_legally_and_an_empty_one_not_at_all(
    view: View, text: str, audience: Audience
) -> None:
    said = {"text": text, "audience": audience.value}
    if text.strip():
        check_post(render(NoticeKind.UPDATE, view, said))
    else:
        with pytest.raises(LookupError):
            render(NoticeKind.UPDATE, view, said)


@drawing
@given(
    kind=st.sampled_from([NoticeKind.PAGE, NoticeKind.NAG, NoticeKind.ALARM, NoticeKind.REMINDER]),
    view=scenes.views(scenes.items),
    said=data,
)
def test_any_duty_draws_legally(kind: NoticeKind, view: View, said: dict[str, object]) -> None:
    check_post(render(kind, view, said))


@drawing
@given(
    kind=st.sampled_from([NoticeKind.APPROVAL, NoticeKind.HALF_TIME]),
    view=scenes.views(scenes.approvals),
    said=data,
)
def test_any_approval_draws_legally(kind: NoticeKind, view: View, said: dict[str, object]) -> None:
    check_post(render(kind, view, said))


@drawing
@given(incidents=st.lists(scenes.incidents, max_size=60), item=scenes.items)
def test_lists_and_home_stay_legal_however_long_they_get(incidents: list[Incident], item: Item) -> None:
    owed = [(incident, item) for incident in incidents]
    check_post(lists.open_incidents(incidents))
    check_post(lists.mine(owed))
    check_post(lists.help_text())
    check_view(home.draw(owed, incidents))


@drawing
@given(view=scenes.views(scenes.items))
def test_who_is_asked_draws_legally(view: View) -> None:
    assert view.item is not None
    asked = [(view.item, (scenes.DEV,), scenes.NINE)]
    check_post(who.draw(view.incident, asked, view.items, view.policy))


@drawing
@given(incident=scenes.incidents, text=scenes.outside_text)
def test_every_form_is_legal(incident: Incident, text: str) -> None:
    policy = scenes.policy()
    for audience in Audience:
        check_view(update.draw(incident, policy, audience, filled={"impact": text}, next_update=text))
    check_view(step.draw(incident, text=text, owner=scenes.ANA, due=scenes.NINE))
    check_view(severity.draw(incident, policy, reason=text))
    check_view(close.draw(incident, policy))
    check_view(reopen.draw(incident))
    check_view(settle.draw(incident, policy))
    check_view(loading.draw("Open an incident"))
    check_view(refusal.draw(text or "No."))


@drawing
@given(incident=scenes.incidents, item=scenes.approvals, verdict=st.sampled_from(["change", "reject"]))
def test_the_form_of_a_decision_is_legal(incident: Incident, item: Item, verdict: str) -> None:
    as_it_is = item.proposal is not None and item.proposal.kind in (ProposalKind.POLICY, ProposalKind.LIFT)
    assume(not (as_it_is and verdict == "change"))
    check_view(decide.draw(incident, item, scenes.policy(), verdict=verdict, digest="d" * 64))


@drawing
@given(
    title=scenes.outside_text,
    scores=st.dictionaries(st.sampled_from(Dimension), st.none() | st.integers(0, 4)),
    identity=st.booleans(),
    raise_to=st.none() | st.sampled_from(Severity),
)
def test_the_opening_form_is_legal_with_any_answers(
    title: str, scores: dict[Dimension, int | None], identity: bool, raise_to: Severity | None
) -> None:
    answers = open_form.Answers(title=title, scores=scores, identity_attached=identity, raise_to=raise_to)
    outcome = open_form.Outcome(
        severity=Severity.SEV2, computed=Severity.SEV3, reason=title, targets={"acknowledge": scenes.NINE}
    )
    check_view(open_form.draw(answers, scenes.policy(), outcome, now=scenes.NINE, carried={"id": "a" * 32}))


@drawing
@given(incident=scenes.incidents)
def test_topic_purpose_and_bookmark_fit_slack(incident: Incident) -> None:
    for text in (topic.topic(incident), topic.purpose(incident), topic.bookmark(incident)):
        assert 0 < len(text) <= 250
        assert "\n" not in text


@drawing
@given(text=scenes.outside_text, limit=st.integers(2, 200))
def test_a_cut_text_is_short_enough_and_never_leaves_half_a_mark(text: str, limit: int) -> None:
    cut = kit.short(f"{kit.escape(text)} {kit.mention('U0ANA')}", limit)
    assert len(cut) <= limit
    assert cut.count("<") == cut.count(">")
    assert not re.search(r"&(?!amp;|lt;|gt;)", cut)


@drawing
@given(text=scenes.outside_text)
def test_a_long_text_is_split_without_losing_a_word(text: str) -> None:
    pieces = kit.pieces(kit.escape(text), 300)
    assert all(len(piece) <= 300 for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(kit.escape(text).split())


@pytest.mark.parametrize("kind", [kind for kind in NoticeKind if "." in kind.value])
def test_operations_are_not_drawn(kind: NoticeKind) -> None:
    with pytest.raises(LookupError):
        render(kind, scenes.view(), {})
