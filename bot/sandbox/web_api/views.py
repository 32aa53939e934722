"""Forms and Home tabs."""

from typing import Any

from bot.sandbox import shapes
from bot.sandbox.args import Args
from bot.sandbox.limits.views import check
from bot.sandbox.records import View
from bot.sandbox.refused import Refused
from bot.sandbox.web_api.desk import Desk, Trigger

DEEPEST_STACK = 3


def open_modal(desk: Desk, args: Args) -> dict[str, Any]:
    """Show a form to whoever the trigger belongs to; a refused form leaves the trigger unspent."""
    body = _body(desk, args, "modal")
    user = _trigger(desk, args).user
    desk.triggers.exchange(_trigger_id(args))
    return _shown(desk, desk.workspace.views.open(user, body))


def push(desk: Desk, args: Args) -> dict[str, Any]:
    """Put a form on top of the one the person is in; no more than three lie on each other."""
    body = _body(desk, args, "modal")
    user = _trigger(desk, args).user
    stack = desk.workspace.views.stack(user)
    if not stack:
        raise Refused("not_found")
    if len(stack) >= DEEPEST_STACK:
        raise Refused("push_limit_reached")
    desk.triggers.exchange(_trigger_id(args))
    return _shown(desk, desk.workspace.views.push(user, body))


def update(desk: Desk, args: Args) -> dict[str, Any]:
    """Draw a view again; what the person entered is kept where block and action ids stay the same.

    Raises `Refused`: not_found for a form that is closed, hash_conflict where it changed since that hash.
    """
    view = _target(desk, args)
    body = _body(desk, args, view.type, replaces=view)
    if args.text("hash") not in ("", view.hash):
        raise Refused("hash_conflict")
    return _shown(desk, desk.workspace.views.update(view, body))


def publish(desk: Desk, args: Args) -> dict[str, Any]:
    """Replace a person's Home tab, whether they look at it or not; it keeps its id, what was entered is lost.

    Raises `Refused`: not_enabled where the app has no Home tab, hash_conflict where it changed since that hash.
    """
    if not desk.home_enabled:
        raise Refused("not_enabled", illegal=True)
    user = desk.workspace.users.get(args.text("user_id"))
    if user is None or user.is_bot:
        raise Refused.invalid("invalid_arguments", "user_id is not a person of this workspace")
    home = desk.workspace.views.homes.get(user.id)
    body = _body(desk, args, "home", replaces=home)
    if home is not None and args.text("hash") not in ("", home.hash):
        raise Refused("hash_conflict")
    return _shown(desk, desk.workspace.views.publish(user.id, body))


def _body(desk: Desk, args: Args, type: str, *, replaces: View | None = None) -> dict[str, Any]:
    """The view of a call, checked; its external id may not belong to another living view."""
    body: dict[str, Any] = args.json("view", dict, "invalid_arguments") or {}
    check(body, type)
    external_id = body.get("external_id")
    twin = desk.workspace.views.with_external_id(external_id) if external_id else None
    if twin is not None and twin is not replaces:
        raise Refused("duplicate_external_id")
    return body


def _trigger_id(args: Args) -> str:
    return args.text("trigger_id") or args.text("interactivity_pointer")


def _trigger(desk: Desk, args: Args) -> Trigger:
    return desk.triggers.check(_trigger_id(args))


def _target(desk: Desk, args: Args) -> View:
    views = desk.workspace.views
    if args.text("view_id"):
        view = views.by_id.get(args.text("view_id"))
    elif args.text("external_id"):
        view = views.with_external_id(args.text("external_id"))
    else:
        raise Refused.invalid("invalid_arguments", "either view_id or external_id is required")
    if view is None:
        raise Refused("not_found")
    return view


def _shown(desk: Desk, view: View) -> dict[str, Any]:
    return {"view": shapes.view(desk.workspace, view)}


METHODS = {"views.open": open_modal, "views.publish": publish, "views.push": push, "views.update": update}
