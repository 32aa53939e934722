"""Holiday calendars: countries, and parts of them, whose holidays are known."""

from bot.domain import calendars
from bot.packs.explaining import did_you_mean
from bot.packs.lint.found import Found
from bot.packs.reading import Trail


def check(found: Found) -> None:
    """Refuse calendars of countries that are not known, and days that are added and taken away at once."""
    for name, calendar in found.policy.support_hours.calendars.items():
        here: Trail = ("support_hours", "calendars", name)
        countries = calendars.countries()
        if calendar.country not in countries:
            expected = "the two letters of a country, such as DE or US"
            hint = _country(calendar.country, countries)
            found.refuse((*here, "country"), repr(calendar.country), expected, hint, rule="calendar")
            continue
        parts = calendars.subdivisions(calendar.country)
        if calendar.subdivision and calendar.subdivision not in parts:
            expected = "one of " + ", ".join(parts) if parts else "nothing: this country has no parts here"
            hint = did_you_mean(calendar.subdivision, list(parts))
            found.refuse((*here, "subdivision"), repr(calendar.subdivision), expected, hint, rule="calendar")
        for at, day in enumerate(calendar.remove):
            if day in calendar.add:
                found.refuse(
                    (*here, "remove", at), f"{day}, which is added too", "it in one of them", rule="calendar"
                )


def _country(word: str, countries: dict[str, str]) -> str:
    """Return a hint for what people write instead of a code: small letters, or the name."""
    by_name = {name: code for code, name in countries.items()}
    if word.upper() in countries:
        return f"did you mean {word.upper()!r}?"
    if (name := did_you_mean(word.replace(" ", ""), list(by_name))) != "":
        found = name.split("'")[1]
        return f"did you mean {by_name[found]!r} ({found})?"
    return did_you_mean(word.upper(), list(countries))
