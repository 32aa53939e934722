"""Who the app is, where it is installed, and the way into Socket Mode."""

from typing import Any

from bot.sandbox import shapes
from bot.sandbox.args import Args
from bot.sandbox.refused import Refused
from bot.sandbox.web_api.desk import Desk


def api_test(desk: Desk, args: Args) -> dict[str, Any]:
    """Give back what was sent; an `error` among it comes back as the refusal of that name."""
    if error := args.text("error"):
        raise Refused(error, args=dict(args))
    return {"args": dict(args)}


def auth_test(desk: Desk, args: Args) -> dict[str, Any]:
    """Say who holds the token; `enterprise_id` is there only where the workspace belongs to a grid."""
    workspace, bot = desk.workspace, desk.bot
    answer = {
        "url": workspace.url,
        "team": workspace.team_name,
        "user": bot.name,
        "team_id": workspace.team_id,
        "user_id": bot.id,
        "bot_id": bot.bot_id,
        "is_enterprise_install": False,
    }
    return answer | ({"enterprise_id": workspace.enterprise_id} if workspace.enterprise_id else {})


def connections_open(desk: Desk, args: Args) -> dict[str, Any]:
    """Give the address of one WebSocket; its ticket opens one connection."""
    address = desk.address().replace("http", "ws", 1)
    return {"url": f"{address}link/?ticket={desk.ticket()}&app_id={desk.bot.app_id}"}


def team_info(desk: Desk, args: Args) -> dict[str, Any]:
    """Describe the app's own workspace; any other is `team_not_found`."""
    workspace = desk.workspace
    if args.text("team", workspace.team_id) != workspace.team_id:
        raise Refused("team_not_found")
    return {
        "team": {
            "id": workspace.team_id,
            "name": workspace.team_name,
            "url": workspace.url,
            "domain": workspace.domain,
            "email_domain": "acme.example",
            "icon": {"image_default": True},
            "avatar_base_url": "",
            "is_verified": False,
        }
    }


def bots_info(desk: Desk, args: Args) -> dict[str, Any]:
    """Describe the app by its bot id, not its user id; any other is `bot_not_found`."""
    if args.text("bot") != desk.bot.bot_id:
        raise Refused("bot_not_found")
    profile = shapes.bot_profile(desk.workspace, desk.bot)
    del profile["team_id"]
    return {"bot": profile | {"user_id": desk.bot.id}}


METHODS = {
    "api.test": api_test,
    "apps.connections.open": connections_open,
    "auth.test": auth_test,
    "bots.info": bots_info,
    "team.info": team_info,
}
