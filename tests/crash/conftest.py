from collections.abc import Callable, Iterator

import pytest

from tests.crash.telling import Teller
from tests.harness.lives import Zygote


@pytest.fixture(scope="session")
def zygote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zygote]:
    zygote = Zygote(tmp_path_factory.mktemp("zygote"))
    yield zygote
    zygote.close()


@pytest.fixture(scope="session")
def session_teller(zygote: Zygote, tmp_path_factory: pytest.TempPathFactory) -> Teller:
    return Teller(zygote, tmp_path_factory.mktemp("crash"))


@pytest.fixture
def teller(session_teller: Teller, record_property: Callable[[str, object], None]) -> Iterator[Teller]:
    before = session_teller.kills
    yield session_teller
    record_property("kills", session_teller.kills - before)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [report for found in terminalreporter.stats.values() for report in found]
    kills = [
        value
        for report in reports
        if getattr(report, "when", "") == "teardown"
        for name, value in report.user_properties
        if name == "kills"
    ]
    if kills:
        terminalreporter.write_line(f"the bot was killed {sum(kills)} times")
