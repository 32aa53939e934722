import pytest

from tests.cli.conftest import ended

pytestmark = pytest.mark.usefixtures("empty_folder")


def test_run_without_settings_ends_with_2_and_names_the_first() -> None:
    run = ended("run")
    assert (run.code, run.out) == (2, [])
    assert run.err[-1].startswith("tocsin: SLACK_BOT_TOKEN is missing: set it to")


def test_one_way_in_at_a_time() -> None:
    run = ended("run", "--socket", "--http")
    assert run.code == 2
    assert any("choose one of --socket and --http" in line for line in run.err)


@pytest.mark.parametrize("words", [(), ("audit",), ("db",), ("policy",)])
def test_a_command_without_its_word_lists_the_words(words: tuple[str, ...]) -> None:
    run = ended(*words)
    assert run.code == 2
    assert "Commands" in " ".join(run.out + run.err)
