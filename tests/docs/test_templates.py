import re

import pytest
from jinja2 import nodes
from jinja2.sandbox import SandboxedEnvironment

from bot import packs
from bot.domain import fields
from bot.domain.fields import Audience, Moment
from bot.packs import texts, trial
from tests.docs import pages

PAGE = pages.page("policy-texts.md")
NAMES = {name.partition("(")[0] for name in pages.table(PAGE, "What a template can read")}
FIELDS = pages.table(PAGE, "Fields of an update")
FILTERS = pages.table(PAGE, "Filters")


@pytest.mark.parametrize("name", sorted(NAMES | {f"fields.{field}" for field in FIELDS}))
def test_every_documented_name_can_be_read(name: str) -> None:
    assert is_readable(name)


def test_another_name_cannot_be_read() -> None:
    assert not is_readable("incident.nothing")
    assert not is_readable("nothing")


def test_every_name_that_the_default_texts_read_is_documented() -> None:
    read: set[str] = set()
    for source in packs.load().templates.values():
        tree = SandboxedEnvironment().parse(source)
        assigned = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "store"} | {"loop"}
        read |= {name.name for name in tree.find_all(nodes.Name) if name.ctx == "load"} - assigned
        read |= {
            f"incident.{one.attr}"
            for one in tree.find_all(nodes.Getattr)
            if isinstance(one.node, nodes.Name) and one.node.name == "incident"
        }
        asked = [
            one.attr
            for one in tree.find_all(nodes.Getattr)
            if isinstance(one.node, nodes.Name) and one.node.name == "fields"
        ]
        assert set(asked) <= set(FIELDS)
    assert read - {"incident"} <= NAMES


def test_every_filter_and_function_is_documented_and_no_other() -> None:
    sandbox = texts.environment(frozenset())
    assert set(FILTERS) == set(sandbox.filters)
    functions = {
        name.partition("(")[0] for name in pages.table(PAGE, "What a template can read") if "(" in name
    }
    assert functions == set(sandbox.globals)


@pytest.mark.parametrize("audience", Audience)
def test_every_field_of_an_update_is_documented_for_whom_it_is_asked(audience: Audience) -> None:
    asked = {field.name for moment in Moment for field in fields.wanted(audience, moment)}
    assert {name for name, (said,) in FIELDS.items() if audience.value in re.split(", ", said)} == asked


def is_readable(name: str) -> bool:
    """Tell whether a text of a stage that asks for a name, and fails without it, can be written."""
    policy = packs.load()
    asks = f"{{% if {name} is not defined %}}{{{{ missing }}}}{{% endif %}}"
    given = {**policy.templates, "triage.internal": asks}
    return list(trial.written(policy.model_copy(update={"templates": given}))) == []
