import ast
import re
import shlex
from collections.abc import Iterator
from typing import Any

from typer.main import get_command

import dev
from blocks import lists
from bot.cli import manifest
from bot.cli.commands import app
from bot.listeners import activity, command, escalate, policy
from tests.docs import pages

PAGE = pages.page("commands.md")


def commands() -> dict[str, Any]:
    def walk(one: Any, path: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
        inside = getattr(one, "commands", None)
        if inside is None:
            yield " ".join(path), one
            return
        for name, sub in inside.items():
            yield from walk(sub, (*path, name))

    return dict(walk(get_command(app), ("tocsin",)))


def options(one: Any) -> set[str]:
    return {
        name
        for parameter in one.params
        for name in (*parameter.opts, *parameter.secondary_opts)
        if name[:1] == "-"
    }


def named(line: str) -> str:
    """Return which command a line calls: its words up to the first that is not part of a name."""
    words = line.split()
    return next(
        (" ".join(words[:n]) for n in range(len(words), 0, -1) if " ".join(words[:n]) in commands()), ""
    )


def test_every_word_of_incident_is_documented_and_no_other() -> None:
    documented = pages.table(PAGE, "`/incident`")
    assert set(documented) == {verb for verb in command.VERBS if verb}
    assert {usage[0].strip("`").split()[1] for usage in documented.values()} == set(documented)


def test_every_word_after_policy_is_documented_and_no_other() -> None:
    assert set(pages.table(PAGE, "Words after `policy`")) == {word for word in policy.WORDS if word}


def test_the_help_in_slack_names_every_word() -> None:
    assert {usage.split()[0] for usage in lists.COMMANDS} == {verb for verb in command.VERBS if verb}


def test_the_slash_commands_and_shortcuts_are_those_of_the_manifest() -> None:
    features = manifest.load()["features"]
    slashes = {heading.strip("`") for heading in pages.headings(PAGE) if heading.startswith("`/")}
    assert (
        slashes
        == {one["command"] for one in features["slash_commands"]}
        == {command.COMMAND, escalate.COMMAND}
    )
    assert set(pages.table(PAGE, "Shortcuts")) == {one["name"] for one in features["shortcuts"]}


def test_every_button_is_documented_and_no_other() -> None:
    calls = [
        node
        for path in (pages.ROOT / "blocks").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "kit.button"
    ]
    labels = {call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)}
    drawn_from_the_policy = [call for call in calls if not isinstance(call.args[0], ast.Constant)]
    assert set(pages.table(PAGE, "Buttons")) == labels
    assert len(drawn_from_the_policy) == 4, (
        "a stage, a role, the first stage, and for how long a policy is good"
    )


def test_every_reaction_is_documented_and_no_other() -> None:
    assert set(pages.table(PAGE, "Reactions")) == set(activity.MINE)


def test_every_command_of_the_command_line_is_documented_and_no_other() -> None:
    documented = pages.table(PAGE, "On the command line")
    assert {named(line): line for line in documented}.keys() == commands().keys()
    for line in documented:
        arguments = [one for one in commands()[named(line)].params if one.param_type_name == "argument"]
        assert len(shlex.split(line)) == len(named(line).split()) + len(arguments), line


def test_every_option_is_documented_and_no_other() -> None:
    documented = {
        (name.strip("`"), option.strip("`").split()[0])
        for name, option, _ in pages.rows(pages.section(PAGE, "Options"))
    }
    real = {(name, option) for name, one in commands().items() for option in options(one)}
    # The other side of a switch says what happens anyway.
    assert documented <= real
    assert real - documented == {("tocsin demo", "--no-play"), ("tocsin demo", "--browser")}


def test_every_command_that_a_page_shows_exists() -> None:
    for path in pages.PAGES:
        for code in pages.codes(path.read_text()):
            if found := re.match(r"(?:\.venv/bin/)?(tocsin (?:[a-z-]+).*)", code):
                line = found[1]
                if any(name.startswith(f"{line} ") for name in commands()):
                    continue
                assert named(line), f"{path.name}: {line}"
                given = {word.partition("=")[0] for word in line.split() if word.startswith("--")}
                assert given <= options(commands()[named(line)]) | {"--help"}, f"{path.name}: {line}"
            if found := re.match(r"python3 dev\.py (\w+)", code):
                assert found[1] in dev.TASKS, f"{path.name}: {code}"


def test_every_word_after_incident_that_a_page_shows_exists() -> None:
    for path in pages.PAGES:
        for code in pages.codes(path.read_text()):
            if found := re.match(r"/incident (\w+)", code):
                assert found[1] in command.VERBS, f"{path.name}: {code}"
