"""Groups of people who are mentioned together."""

from typing import Any

from bot.sandbox import shapes
from bot.sandbox.args import Args
from bot.sandbox.refused import Refused
from bot.sandbox.web_api.desk import Desk


def listing(desk: Desk, args: Args) -> dict[str, Any]:
    """The user groups, disabled ones on request; `plan_upgrade_required` in a workspace on the free plan."""
    _paid(desk)
    return {
        "usergroups": [
            shapes.usergroup(
                desk.workspace,
                group,
                with_users=args.flag("include_users"),
                with_count=args.flag("include_count"),
            )
            for group in desk.workspace.usergroups.values()
            if args.flag("include_disabled") or not group.deleted
        ]
    }


def users(desk: Desk, args: Args) -> dict[str, Any]:
    """The ids of a group's members; a disabled group is `no_such_subteam` unless `include_disabled` is set."""
    _paid(desk)
    group = desk.workspace.usergroups.get(args.text("usergroup"))
    if group is None or (group.deleted and not args.flag("include_disabled")):
        raise Refused("no_such_subteam")
    return {"users": list(group.users)}


def _paid(desk: Desk) -> None:
    if not desk.workspace.has_usergroups:
        raise Refused("plan_upgrade_required")


METHODS = {"usergroups.list": listing, "usergroups.users.list": users}
