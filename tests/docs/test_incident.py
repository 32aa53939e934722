from datetime import timedelta

from blocks import words
from bot import packs
from bot.domain import advice, promises
from bot.domain.fields import Audience
from bot.domain.incident import Severity
from bot.domain.items import Reason
from bot.listeners import activity
from tests.docs import pages

PAGE = pages.page("incident.md")


def test_every_reason_code_is_explained_in_the_words_of_the_page() -> None:
    assert {code: said for code, [said] in pages.table(PAGE, "Asking").items() if code in set(Reason)} == {
        reason.value: said for reason, said in words.WHY_ASKED.items()
    }


def test_every_audience_is_explained_and_no_other() -> None:
    assert set(pages.table(PAGE, "Updates")) == {audience.value for audience in Audience}


def test_the_numbers_in_the_text_are_those_of_the_rules() -> None:
    policy, text = packs.load(), " ".join(PAGE.split())
    assert f"delay, {policy.archive_after.days} days." in text
    assert f"Within {policy.reopen_within_days} days" in text
    assert timedelta(minutes=5) == promises.REMIND_BEFORE
    assert "5 minutes before, its owner is reminded" in text
    assert advice.MOST_OPEN == 3
    assert "At most three suggestions are open at once" in text
    for reaction in activity.MINE:
        assert reaction in text


def test_the_example_of_a_page_reads_as_the_card_does() -> None:
    assert words.severity(packs.load(), Severity.SEV2) in PAGE
    assert words.WHY_ASKED[Reason.MISSED] in PAGE


def test_the_examples_are_those_of_the_default_matrix() -> None:
    ladder = packs.load().row(Severity.SEV2).ladder
    assert [step.wait.minutes for step in ladder.steps[:2]] == [15, 15], "judy is asked until 09:30"
    assert ladder.steps[2].ask == ("l3",), "then eli"
