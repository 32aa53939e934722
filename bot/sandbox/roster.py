"""The people and places of Acme Cloud, the fictional company of the sandbox."""

from collections.abc import Callable
from datetime import datetime

from bot.sandbox.records import User, UserGroup
from bot.sandbox.state import Workspace

TEAM = "T0ACME"
BOT = "U0TOCSIN"
BOT_ID = "B0TOCSIN"
APP_ID = "A0TOCSIN"

# name, family name, title, time zone
PEOPLE = (
    ("ana", "Ruiz", "Responder, level 1", "Europe/Madrid"),
    ("ben", "Okoye", "Responder, level 1", "Africa/Lagos"),
    ("caro", "Lind", "Platform engineer, level 2", "Europe/Stockholm"),
    ("dev", "Rao", "Platform engineer, level 2", "Asia/Kolkata"),
    ("eli", "Stone", "Database engineer, level 3", "America/New_York"),
    ("fay", "Moreau", "Database engineer, level 3", "Europe/Paris"),
    ("ivan", "Petrov", "Incident manager", "Europe/Berlin"),
    ("judy", "Park", "Incident manager", "America/Los_Angeles"),
    ("tess", "Vale", "Technical lead", "Europe/London"),
    ("theo", "Brandt", "Technical lead", "Europe/Berlin"),
    ("mona", "Haddad", "Communications lead", "Europe/London"),
    ("nils", "Dahl", "Communications lead", "Europe/Oslo"),
    ("lara", "Costa", "Legal counsel", "Europe/Lisbon"),
    ("leo", "Grant", "Legal counsel", "America/Chicago"),
    ("xena", "Ward", "Executive sponsor", "America/New_York"),
    ("xavi", "Soler", "Executive sponsor", "Europe/Madrid"),
    ("sam", "Reyes", "Security lead", "America/Denver"),
    ("sue", "Tan", "Security lead", "Asia/Singapore"),
    ("ike", "Adler", "Identity and access engineer", "Europe/Vienna"),
    ("iris", "Kato", "Identity and access engineer", "Asia/Tokyo"),
    ("igor", "Novak", "Identity governance", "Europe/Prague"),
    ("ines", "Melo", "Identity governance", "America/Sao_Paulo"),
    ("suzy", "Quinn", "Support lead", "Europe/Dublin"),
    ("sid", "Mehta", "Support lead", "Asia/Kolkata"),
    ("omar", "Nasser", "Operations lead", "Asia/Dubai"),
    ("olga", "Berg", "Operations lead", "Europe/Helsinki"),
    ("finn", "Olsen", "Finance approver", "Europe/Copenhagen"),
    ("gail", "Price", "Finance approver", "America/Chicago"),
    ("walt", "Keller", "Workflow owner", "Europe/Zurich"),
    ("wren", "Adeyemi", "Workflow owner", "Africa/Lagos"),
    ("bela", "Nagy", "Business owner", "Europe/Budapest"),
    ("beth", "Moss", "Business owner", "America/Toronto"),
)
CHANNELS = ("general", "esc-incidents", "esc-catchall", "customer-updates", "executive-briefs")


def acme(clock: Callable[[], datetime]) -> Workspace:
    """The workspace every sandbox starts with.

    Everyone is in #general and in the incident channels, the app too; #random is the one channel
    the app is not in. dela is deactivated, extern belongs to another company, gus is a guest who
    sees only #general.
    """
    workspace = Workspace(
        clock=clock,
        team_id=TEAM,
        team_name="Acme Cloud",
        domain="acme-cloud",
        bot_user_id=BOT,
        enterprise_id=None,
    )
    for name, family, title, zone in PEOPLE:
        workspace.add_user(_person(name, family, title=title, tz=zone, is_admin=name in ("xena", "olga")))
    workspace.add_user(_person("dela", "Former", title="Left the company", deleted=True))
    workspace.add_user(_person("gus", "Guest", title="Contractor", is_restricted=True))
    workspace.add_user(
        User(
            id="U0EXT",
            name="extern",
            real_name="Extern Visitor",
            email="",
            team_id="T0OTHER",
            is_stranger=True,
        )
    )
    workspace.add_user(
        User(
            id=BOT,
            name="tocsin",
            real_name="Tocsin",
            email="",
            team_id=TEAM,
            title="Incident escalation",
            is_bot=True,
            bot_id=BOT_ID,
            app_id=APP_ID,
        )
    )
    _places(workspace)
    return workspace


def _places(workspace: Workspace) -> None:
    staff = [f"U0{name.upper()}" for name, *_ in PEOPLE]
    for name in CHANNELS:
        extra = ["U0GUS"] if name == "general" else []
        workspace.found_channel(name, creator="U0XENA", members=[*staff, *extra, BOT])
    workspace.found_channel("random", creator="U0XENA", members=staff)
    founded = workspace.now()
    for group in (
        UserGroup(
            id="S0ONCALL",
            handle="oncall-platform",
            name="Platform on call",
            users=["U0CARO", "U0DEV"],
            created=founded,
        ),
        UserGroup(
            id="S0LEADS",
            handle="incident-leads",
            name="Incident leads",
            users=["U0IVAN", "U0JUDY"],
            created=founded,
        ),
    ):
        workspace.usergroups[group.id] = group


def _person(
    name: str,
    family: str,
    *,
    title: str,
    tz: str = "Etc/UTC",
    deleted: bool = False,
    is_restricted: bool = False,
    is_admin: bool = False,
) -> User:
    return User(
        id=f"U0{name.upper()}",
        name=name,
        real_name=f"{name.capitalize()} {family}",
        email=f"{name}@acme.example",
        team_id=TEAM,
        title=title,
        tz=tz,
        deleted=deleted,
        is_restricted=is_restricted,
        is_admin=is_admin,
    )
