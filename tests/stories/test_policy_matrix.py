from pathlib import Path

import pytest

from bot import packs
from bot.domain.incident import Severity
from tests.harness.story import Story, telling


async def answer(story: Story, name: str, words: str, channel: str = "general") -> str:
    return "\n".join(await story.person(name).runs("/incident", words, channel=channel))


@pytest.mark.promise("S0-18")
async def test_the_severity_matrix_is_one_view_with_examples_and_four_targets(story: Story) -> None:
    shown = await answer(story, "ana", "policy")
    for level in Severity:
        row = packs.load().row(level)
        assert f"{level.name} {row.label}" in shown
        assert row.meaning in shown
        assert row.examples[0] in shown
    for target in (
        "Answer within: 5 min",
        "Contain within: 60 min",
        "Resolve within: 4 h",
        "Inside every: 15 min",
    ):
        assert target in shown
    assert "Led by: incident manager" in shown
    assert "To lower it: incident manager, and executive sponsor" in shown
    assert {m.ephemeral_to for m in story.room("general").messages.values()} == {"U0ANA"}, (
        "nobody else sees it"
    )


@pytest.mark.promise("S3-33")
async def test_the_policy_says_when_and_by_whom_it_was_last_reviewed(tmp_path: Path) -> None:
    policy = packs.load()
    async with telling(tmp_path, policy=policy) as story:
        for words in ("policy", "policy lanes", "policy raci"):
            shown = await answer(story, "ana", words)
            assert f"policy {policy.version[:12]}" in shown
            assert f"last reviewed {policy.reviewed_on} by {policy.reviewed_by}" in shown
            assert f"to be reviewed by {policy.review_by}" in shown


@pytest.mark.promise("S2-51")
async def test_the_agent_matrix_is_one_view_with_every_field(story: Story) -> None:
    shown = await answer(story, "walt", "policy lanes")
    assert [
        shown.index(lane) for lane in ("1 Security", "2 Financial", "3 Operations", "4 Customer", "5 Policy")
    ] == sorted(
        shown.index(lane) for lane in ("1 Security", "2 Financial", "3 Operations", "4 Customer", "5 Policy")
    )
    assert "When: amount > 250; credit > credit_limit" in shown
    assert "Asks: finance, then the backup of finance" in shown
    assert "Decide within: 4 h, reminder at 50% of it" in shown
    assert "May it go on?: no (cannot be undone)" in shown
    assert "Silence is never approval." in shown


async def test_who_answers_for_what_is_one_view(story: Story) -> None:
    shown = await answer(story, "ana", "policy raci")
    assert "Contain (SEV1 to SEV2): A incident manager; R L1 support" in shown
    assert "Contain (SEV3 to SEV5): R/A L2 platform" in shown


async def test_another_word_is_refused_kindly_and_changes_nothing(story: Story) -> None:
    before = len(await story.audit())
    shown = await answer(story, "ana", "policy lane")
    assert "I don't know /incident policy lane. Did you mean /incident policy lanes?" in shown
    assert [event.kind for event in (await story.audit())[before:]] == ["input.rejected"]
