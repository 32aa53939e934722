import pytest

from bot.listeners.plain import mentioned, plain


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("Checkout &amp; search &lt;down&gt;", "Checkout & search <down>"),
        ("ask <@U0CARO|caro>", "ask @caro"),
        ("ask <@U0CARO>", "ask @U0CARO"),
        ("see <#C0GENERAL|general>", "see #general"),
        ("<!channel> hurry", "@channel hurry"),
        ("<!subteam^S0ONCALL|@oncall> hurry", "@oncall hurry"),
        ("<https://acme.example/a?b&amp;c|the page>", "the page (https://acme.example/a?b&c)"),
        ("<https://acme.example>", "https://acme.example"),
    ],
)
def test_what_slack_sends_is_read_as_people_wrote_it(raw: str, read: str) -> None:
    assert plain(raw) == read


def test_a_person_named_in_a_command_is_taken_out_of_its_text() -> None:
    assert mentioned("Roll back <@U0ELI|eli> now") == ("U0ELI", "Roll back now")
    assert mentioned("Roll back") == (None, "Roll back")
