import re
from pathlib import Path

from pydantic_core import PydanticUndefined

from bot.settings import Settings
from tests.docs import pages

PAGE = pages.page("settings.md")
EXAMPLE = (pages.ROOT / ".env.example").read_text()


def variables() -> dict[str, str]:
    """Return each variable with its default as a person would write it; empty where there is none."""
    found = {}
    for field in Settings.model_fields.values():
        assert field.default is not PydanticUndefined
        found[str(field.validation_alias)] = "" if field.default is None else str(field.default)
    return found


def test_every_setting_is_documented_with_its_default_and_no_other() -> None:
    documented = pages.table(PAGE, "Settings")
    assert set(documented) == set(variables())
    for name, default in variables().items():
        assert documented[name][0] == (f"`{default}`" if default else documented[name][0]), name
        if not default:
            assert "`" not in documented[name][0], name


def test_the_example_file_holds_every_setting_and_no_other() -> None:
    held = dict(re.findall(r"^#?([A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE))
    assert held == variables()


def test_the_example_file_can_be_read_as_it_is(tmp_path: Path) -> None:
    given = tmp_path / ".env"
    given.write_text(EXAMPLE)
    assert Settings.load(given) == Settings.load(None)


def test_every_variable_that_a_page_names_exists() -> None:
    for path in (*pages.PAGES, pages.ROOT / ".env.example"):
        named = set(re.findall(r"\b(?:SLACK|TOCSIN)_[A-Z_]+\b", path.read_text()))
        assert named <= set(variables()), path.name


def test_the_code_reads_no_other_variable() -> None:
    for path in (pages.ROOT / "bot").rglob("*.py"):
        named = set(re.findall(r"\b(?:SLACK|TOCSIN)_[A-Z]+(?:_[A-Z]+)*\b", path.read_text()))
        assert named <= set(variables()), path.name
        assert "os.environ" not in path.read_text(), path.name
