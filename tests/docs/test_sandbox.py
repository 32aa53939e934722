import inspect
from pathlib import Path
from typing import get_args

import pytest

from bot.sandbox import Fault, Person, Sandbox, faults
from bot.sandbox.roster import PEOPLE
from tests.docs import pages

PAGE = pages.page("sandbox.md")
DOES = pages.table(PAGE, "What a person does")
SEES = pages.table(PAGE, "What a person sees")


def test_every_word_of_the_language_is_documented_and_no_other() -> None:
    public = {name for name in vars(Person) if not name.startswith("_")}
    assert set(DOES) | set(SEES) == public
    assert set(DOES).isdisjoint(SEES)


@pytest.mark.parametrize("name", [*DOES, *SEES])
def test_every_example_uses_the_word_as_it_is(name: str) -> None:
    example = {**DOES, **SEES}[name][0].strip("`")
    assert f".{name}" in example
    waits = inspect.iscoroutinefunction(inspect.getattr_static(Person, name))
    assert ("await " in example) is waits


def test_every_fault_is_documented_and_no_other() -> None:
    assert set(pages.table(PAGE, "Faults")) == set(get_args(faults.Kind))
    assert {"seconds", "retry_after", "copies"} <= {*inspect.signature(Fault).parameters}


def test_all_that_is_said_of_the_sandbox_exists() -> None:
    documented = set(pages.table(PAGE, "The sandbox"))
    made = Sandbox(manifest={}, clock=lambda: None)  # type: ignore[arg-type,return-value]
    assert documented <= {name for name in dir(made) if not name.startswith("_")}


def test_everybody_is_introduced() -> None:
    text = pages.section(PAGE, "The people")
    assert f"{len(PEOPLE)} people" in text
    for name, *_ in PEOPLE:
        assert name in text


@pytest.mark.parametrize("number", [0, 1])
async def test_the_examples_run_as_they_stand(number: int, tmp_path: Path) -> None:
    written = pages.blocks(PAGE, "python")
    assert len(written) == 2
    names: dict[str, object] = {}
    exec(compile(written[number], f"sandbox.md, example {number + 1}", "exec"), names)
    [story] = [
        one for name, one in names.items() if name.startswith("test_") and inspect.iscoroutinefunction(one)
    ]
    needs_folder = "tmp_path" in inspect.signature(story).parameters
    await (story(tmp_path) if needs_folder else story())
