"""Forms: what Slack checks before it sends one, and what the app's answer does to it."""

from collections.abc import Mapping
from typing import Any

from bot.sandbox import payloads
from bot.sandbox.acts import Outcome, failed
from bot.sandbox.acts_form_checks import complaints
from bot.sandbox.delivery import Delivery, Parcel
from bot.sandbox.limits.views import check
from bot.sandbox.payloads_inputs import state_values
from bot.sandbox.refused import Refused
from bot.sandbox.state import User, View
from bot.sandbox.web_api.views import DEEPEST_STACK

TROUBLE = "We had some trouble connecting. Try again?"


async def submit(delivery: Delivery, user: User, view: View) -> Outcome:
    """Submit a form; it closes, shows errors, changes or gives way to another, as the app answers."""
    if wrong := complaints(view):
        delivery.screens.mark(view, wrong)
        return Outcome(errors=wrong)
    payload = payloads.view_submission(
        delivery.workspace,
        user,
        view,
        trigger_id=delivery.triggers.issue(user.id, view_id=view.id),
        response_urls=_response_urls(delivery, user, view),
    )
    answer = await delivery.ask(Parcel(kind="interactive", payload=payload, takes_answer=True))
    if not answer.acknowledged:
        return failed(delivery, user, answer, TROUBLE)
    delivery.screens.mark(view, {})
    try:
        return _obey(delivery, user, view, answer.body or {})
    except Refused as refused:
        delivery.host.violations.append(f"view_submission: {'; '.join([refused.error, *refused.messages])}")
        delivery.screens.note(user.id, TROUBLE)
        return Outcome(answered=False, note=TROUBLE)


async def close(delivery: Delivery, user: User, view: View, *, whole_stack: bool = False) -> Outcome:
    """Close a form with its button or Esc (``whole_stack``: with the cross); the app hears of it if it asked to."""
    stack = delivery.workspace.views.stack(user.id)
    cleared = whole_stack or bool(view.body.get("clear_on_close"))
    gone = list(reversed(stack)) if cleared else [view]
    told = [
        payloads.view_closed(delivery.workspace, user, each, is_cleared=cleared) for each in _telling(gone)
    ]
    if cleared:
        delivery.workspace.views.clear(user.id)
    else:
        delivery.workspace.views.close(view)
    answers = [await delivery.ask(Parcel(kind="interactive", payload=payload)) for payload in told]
    return Outcome(answered=all(answer.acknowledged for answer in answers))


def _telling(views: list[View]) -> list[View]:
    return [view for view in views if view.body.get("notify_on_close")]


def _obey(delivery: Delivery, user: User, view: View, body: Mapping[str, Any]) -> Outcome:
    views = delivery.workspace.views
    match body.get("response_action"):
        case None:
            if view in views.stack(user.id):
                views.close(view)
        case "clear":
            views.clear(user.id)
        case "errors":
            return _show_errors(delivery, view, body.get("errors") or {})
        case "update":
            views.update(view, _checked(body))
        case "push":
            if len(views.stack(user.id)) >= DEEPEST_STACK:
                raise Refused.invalid("push_limit_reached", f"a stack holds at most {DEEPEST_STACK} views")
            views.push(user.id, _checked(body))
        case other:
            raise Refused.invalid("invalid_arguments", f"there is no response_action {other!r}")
    return Outcome()


def _show_errors(delivery: Delivery, view: View, errors: Mapping[str, str]) -> Outcome:
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not errors or (strange := sorted(set(errors) - inputs)):
        about = f"no input block {', '.join(strange)}" if errors else "no errors given"
        raise Refused.invalid("invalid_arguments", f"response_action errors: {about}")
    delivery.screens.mark(view, errors)
    return Outcome(errors=dict(errors))


def _checked(body: Mapping[str, Any]) -> dict[str, Any]:
    view = body.get("view")
    if not isinstance(view, dict):
        raise Refused.invalid("invalid_arguments", f"response_action {body['response_action']} needs a view")
    check(view, "modal")
    return view


def _response_urls(delivery: Delivery, user: User, view: View) -> list[dict[str, str]]:
    """Return the response URLs of channel pickers which ask for one (``response_url_enabled``)."""
    values = state_values(view.blocks, view.state)
    found: list[dict[str, str]] = []
    for block in view.blocks:
        element = block.get("element", {})
        if not element.get("response_url_enabled"):
            continue
        entry = values[block["block_id"]][element["action_id"]]
        channel = entry.get("selected_conversation") or entry.get("selected_channel")
        if channel:
            found.append(
                {
                    "block_id": block["block_id"],
                    "action_id": element["action_id"],
                    "channel_id": channel,
                    "response_url": delivery.response_urls.issue(user=user.id, channel=channel),
                }
            )
    return found
