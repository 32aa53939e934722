import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, HeaderBlock

from blocks import checked
from blocks.render import render
from blocks.view import View
from bot.domain.decision import NoticeKind
from tests.blocks import scenes


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(kind=st.sampled_from([NoticeKind.CARD, NoticeKind.ANNOUNCEMENT]), view=scenes.views())
def test_the_short_way_to_json_gives_what_slacks_own_way_gives(kind: NoticeKind, view: View) -> None:
    for drawn in render(kind, view, {}).blocks:
        parsed = Block.parse(drawn)
        assert parsed is not None
        assert checked.to_json(parsed) == parsed.to_dict()


@pytest.mark.parametrize(
    "bad",
    [
        HeaderBlock(text="x" * 151),
        ActionsBlock(elements=[ButtonElement(text="x" * 76, action_id="a")]),
        ActionsBlock(elements=[ButtonElement(text="x", action_id="a", style="green")]),
    ],
)
def test_the_short_way_refuses_what_slacks_own_way_refuses(bad: Block) -> None:
    with pytest.raises(SlackObjectFormationError):
        bad.to_dict()
    with pytest.raises(SlackObjectFormationError):
        checked.to_json(bad)
