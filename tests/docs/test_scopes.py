from bot.cli import manifest
from tests.docs import pages

PAGE = pages.page("scopes.md")


def test_every_scope_is_explained_and_no_other() -> None:
    assert list(pages.table(PAGE, "Bot scopes")) == manifest.load()["oauth_config"]["scopes"]["bot"]


def test_every_event_is_explained_and_no_other() -> None:
    events = manifest.load()["settings"]["event_subscriptions"]["bot_events"]
    assert list(pages.table(PAGE, "Events")) == events


def test_what_is_kept_of_a_message_is_as_long_as_the_page_says() -> None:
    from bot.usecases import activity

    assert f"the first {activity.EXCERPT} characters" in " ".join(PAGE.split())
