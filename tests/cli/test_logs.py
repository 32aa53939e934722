import json
import logging

import pytest

from bot.cli.logs import to_stderr


def test_a_log_line_is_data_and_holds_no_secret(capfd: pytest.CaptureFixture[str]) -> None:
    with to_stderr("info"):
        logging.getLogger("bot.test").warning("Slack refused token=%s for %s", "xoxb-1-sesame", "T0ACME")

    (line,) = (json.loads(text) for text in capfd.readouterr().err.splitlines() if "Slack refused" in text)
    assert line["level"] == "warning"
    assert "sesame" not in line["event"]
    assert "T0ACME" in line["event"]
