"""What people wrote, as they see it: Slack's escapes and marks undone."""

import re

MARK = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")


def plain(text: str) -> str:
    """Return a message's text as it reads: names for mentions, labels for links, `&` for `&amp;`.

    The result is outside text like any other; whoever shows it escapes it again.
    """
    shown = MARK.sub(_read, text)
    return shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def mentioned(text: str) -> tuple[str | None, str]:
    """Return the first person mentioned in a command, and the text without that mention."""
    found = re.search(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>", text)
    if found is None:
        return None, text
    return found[1], " ".join((text[: found.start()] + text[found.end() :]).split())


def _read(mark: re.Match[str]) -> str:
    sign, target, label = mark.groups()
    match sign:
        case "@" | "#":
            return f"{sign}{label or target}"
        case "!":
            return label or f"@{target.split('^')[0]}"
        case _:
            return f"{label} ({target})" if label and label != target else target
