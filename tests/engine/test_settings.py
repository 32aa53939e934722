from pathlib import Path

import pytest

from bot.settings import HalfConfigured, Settings, Transport

NAMES = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_API_URL", "TOCSIN_LOG_LEVEL")


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def test_the_environment_is_read_and_a_dotenv_file_fills_what_it_leaves_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("SLACK_BOT_TOKEN=xoxb-file\nSLACK_APP_TOKEN=xapp-file\nUNRELATED=1\n")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-environment")

    settings = Settings.load(tmp_path / ".env")

    assert settings.bot_token is not None
    assert settings.app_token is not None
    assert settings.bot_token.get_secret_value() == "xoxb-environment"
    assert settings.app_token.get_secret_value() == "xapp-file"
    assert settings.database_url == "sqlite:///tocsin.db"
    settings.require("socket")


@pytest.mark.parametrize(
    ("transport", "given", "said"),
    [
        ("socket", {}, "SLACK_BOT_TOKEN is missing"),
        ("socket", {"bot_token": "xoxb-1"}, "SLACK_APP_TOKEN is missing"),
        ("http", {"bot_token": "xoxb-1"}, "SLACK_SIGNING_SECRET is missing"),
        ("http", {"bot_token": "  ", "signing_secret": "s"}, "SLACK_BOT_TOKEN is missing"),
        ("socket", {"bot_token": "xapp-1", "app_token": "xapp-1"}, "does not start with xoxb-"),
        (None, {}, "SLACK_BOT_TOKEN is missing"),
    ],
)
def test_half_a_configuration_is_refused_in_a_sentence_that_says_where_to_find_the_rest(
    transport: Transport | None, given: dict[str, str], said: str
) -> None:
    settings = Settings.load(None, **given)

    with pytest.raises(HalfConfigured) as refusal:
        settings.require(transport)

    assert said in str(refusal.value)
    assert "of your Slack app" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_the_address_of_slack_may_lack_its_last_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_API_URL", "https://slack-gov.com/api")

    assert Settings.load(None).api_url == "https://slack-gov.com/api/"


@pytest.mark.parametrize(("name", "value"), [("SLACK_API_URL", "slack.com"), ("TOCSIN_LOG_LEVEL", "loud")])
def test_a_value_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(HalfConfigured, match=name):
        Settings.load(None)


def test_a_secret_is_in_no_representation_and_in_no_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings.load(
        None,
        bot_token="xoxp-very-secret",
        signing_secret="hush-hush",
        database_url="postgresql://tocsin:hush-hush@db.example/tocsin",
    )

    with pytest.raises(HalfConfigured) as refusal:
        settings.require("http")

    assert "very-secret" not in f"{settings!r} {settings} {refusal.value}"
    assert "hush-hush" not in f"{settings!r} {settings}"


def test_settings_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings.load(None).host = "0.0.0.0"
