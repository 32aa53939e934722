"""Slack's door: raw payloads come in, use cases are called, answers go out."""

import logging

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.listeners import (
    activity,
    approvals,
    card,
    catch_all,
    checklist,
    closing,
    command,
    comms,
    errors,
    escalate,
    home,
    middleware,
    oncall,
    opening,
    policy_versions,
    settling,
    severity,
    stages,
    steps,
)
from bot.listeners.authority import Authority
from bot.listeners.deps import Deps

# Bolt asks one listener after another whether a payload is its own: the button pressed most often comes first.
FEATURES = (
    card,
    command,
    escalate,
    opening,
    approvals,
    comms,
    steps,
    stages,
    severity,
    settling,
    checklist,
    closing,
    oncall,
    policy_versions,
    activity,
    home,
)


def build(
    deps: Deps,
    *,
    token: str,
    signing_secret: str,
    web: AsyncWebClient,
    known: AuthorizeResult | None = None,
) -> AsyncApp:
    """Return the app with every listener, for Socket Mode and for signed HTTP alike.

    ``known`` says who the bot is, where that was asked already.

    Listeners run to their end before Slack is answered: a failure can still become a visible answer, and nothing is
    acknowledged that is not written.
    """
    authority = Authority(web, token, known)

    # A plain function: Bolt fills parameters in by name, and would fill in `self`.
    async def authorize() -> AuthorizeResult:
        return await authority.who()

    quiet = logging.getLogger(f"{__name__}.bolt")
    quiet.setLevel(logging.ERROR)  # what it warns of (a client without a token, for one) is meant here
    app = AsyncApp(
        name="tocsin",
        client=AsyncWebClient(base_url=web.base_url),
        signing_secret=signing_secret,
        authorize=authorize,
        process_before_response=True,
        logger=quiet,
    )
    middleware.register(app, deps)
    for feature in FEATURES:
        feature.register(app, deps)
    catch_all.register(app)
    errors.register(app, deps, authority)
    return app
