import re

import pytest
from hypothesis import settings

import dev
from bot import packs
from bot.cli import demo
from bot.domain import quorum
from bot.domain.incident import Role, Severity
from bot.domain.policy import Policy, Span, Step
from tests.docs import pages

PAGE = pages.page("README.md")


def test_the_two_commands_are_the_ones_that_work_on_a_bare_machine() -> None:
    first = next(iter(pages.blocks(PAGE, "sh"))).splitlines()
    assert first == ["python3 dev.py demo", "python3 dev.py test"]
    assert {line.split()[2] for line in first} <= set(dev.TASKS)


def test_the_sets_of_tests_and_the_profile_are_those_that_there_are(pytestconfig: pytest.Config) -> None:
    [long] = re.findall(r'`-m "([^"]+)"`', PAGE)
    assert f"not ({long})" in pytestconfig.getini("addopts")
    [profile] = re.findall(r"`--hypothesis-profile=(\w+) ", PAGE)
    assert settings.get_profile(profile).max_examples > settings.get_profile("settled").max_examples


def test_the_supported_versions_of_python_are_those_of_the_package() -> None:
    assert 'requires-python = ">=3.11,<3.14"' in (pages.ROOT / "pyproject.toml").read_text()
    for name in ("README.md", "connect.md"):
        assert "3.11 to 3.13" in pages.page(name)


def test_the_matrix_is_that_of_the_default_pack() -> None:
    policy = packs.load()
    assert pages.rows(pages.section(PAGE, "Who is asked, and who is asked next")) == [
        row(policy, level) for level in Severity
    ]


@pytest.mark.xdist_group("play")
def test_what_the_play_prints_is_what_the_readme_shows(capsys: pytest.CaptureFixture[str]) -> None:
    assert demo.run(play=True, keep=None, port=0, browser=False) == 0
    printed = iter(capsys.readouterr().out.splitlines())
    [shown] = pages.blocks(pages.section(PAGE, "What you see"), "text")
    for line in shown.splitlines():
        assert line == "…" or line in printed, f"not printed, or not in this order: {line}"


def row(policy: Policy, level: Severity) -> list[str]:
    """Say in five cells who is asked at a severity."""
    rules = policy.row(level)
    called = [one for one in rules.engage if not one.any_of and not one.inform_only]
    assert {step.wait for step in rules.ladder.steps} == {rules.acknowledge}, "one time for every step"
    assert rules.ladder.steps[0].ask == ("primary",)
    assert rules.lead in {one.role for one in called}
    again, alarm = rules.ladder.repeat, rules.ladder.alarm
    rounds = f"{again} more rounds, then " if again else ""
    return [
        f"{level.name} {rules.label}",
        ", ".join(quorum.label(policy, one.role) for one in called),
        span(rules.acknowledge),
        " → ".join(asked(policy, step) for step in rules.ladder.steps[1:]),
        f"{rounds}an alarm" + (f" every {span(alarm)}" if alarm else ""),
    ]


def asked(policy: Policy, step: Step) -> str:
    told = [f"{policy.roles[Role(name)].label} is told" for name in step.inform]
    names = {"backup": "the backup"}
    people = [names.get(name) or policy.roles[Role(name)].label for name in step.ask]
    return ", ".join(filter(None, (" and ".join(people), *told)))


def span(length: Span) -> str:
    """Say a length of time: ``15 min``, ``4 working hours``."""
    if length.days is not None:
        count, unit = length.days, "day"
    else:
        assert length.minutes is not None
        if length.minutes % 60:
            return f"{length.minutes} min"
        count, unit = length.minutes // 60, "hour"
    if not length.working:
        return f"{count} {'h' if unit == 'hour' else unit + 's' * (count > 1)}"
    return f"{count} working {unit}{'s' * (count > 1)}"


def test_nothing_in_the_pages_tells_how_they_came_about() -> None:
    for path in pages.PAGES:
        text = path.read_text()
        assert not re.search(r"(?<![\w&])#\d+\b|\bTODO\b|\bFIXME\b", text), path.name
