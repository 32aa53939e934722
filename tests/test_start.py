"""What a bot loads before it takes work. Seconds differ from machine to machine; what is loaded does not."""

import subprocess
import sys

STARTS = (
    "import bot.cli.commands, bot.cli.run, bot.web.flood, bot.web.metrics, bot.web.routes, bot.web.server"
)
# What is needed only now and then, and is loaded then: each takes time at every start and memory for ever.
LATER = {
    "a pack that has to be checked": ("rule_engine", "ruamel.yaml", "bot.packs.lint", "bot.packs.reading"),
    "a database of another version": ("alembic", "mako"),
    "PostgreSQL": ("psycopg",),
    "the first text": ("jinja2",),
    "an exact time that somebody typed": ("dateparser",),
    "a calendar of holidays": ("holidays",),
    "a feed of shifts": ("icalendar", "recurring_ical_events"),
    "a case that is played": ("bot.rehearsal",),
    "other commands": ("bot.sandbox", "bot.cli.demo", "bot.cli.doctor", "matplotlib"),
    "working on Tocsin": ("jsonschema", "pytest", "tests"),
}


def test_a_start_loads_only_what_every_bot_needs() -> None:
    script = f"import sys\n{STARTS}\nprint('\\n'.join(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = set(ran.stdout.split())
    assert "bot.app" in loaded
    early = {why: [name for name in names if name in loaded] for why, names in LATER.items()}
    assert {why: names for why, names in early.items() if names} == {}
