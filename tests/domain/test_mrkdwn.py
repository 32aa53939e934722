import pytest

from bot.domain.mrkdwn import harmless


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        (
            "<!channel> <!here> <@U123ABC> <http://x|y>",
            "&lt;!channel&gt; &lt;!here&gt; <@U123ABC> &lt;http://x|y&gt;",
        ),
        ("&lt;safe&gt;", "&lt;safe&gt;"),
        ("<!date^1700000000^{time}|09:00 UTC>", "<!date^1700000000^{time}|09:00 UTC>"),
        ("<!date^1^{time}^http://evil|x>", "&lt;!date^1^{time}^http://evil|x&gt;"),
    ],
)
def test_outside_text_cannot_broadcast_or_link(text: str, shown: str) -> None:
    assert harmless(text) == shown
    assert harmless(harmless(text)) == shown
