"""What the environment says, as one frozen value; half a configuration is refused in one sentence."""

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

Transport = Literal["socket", "http"]

# Where each secret is found; the path of words is the one on api.slack.com/apps.
_ORIGINS = {
    "SLACK_BOT_TOKEN": "the Bot User OAuth Token (xoxb-...) under OAuth & Permissions of your Slack app",
    "SLACK_APP_TOKEN": "an app-level token (xapp-...) with connections:write"
    " under Basic Information of your Slack app",
    "SLACK_SIGNING_SECRET": "the Signing Secret under Basic Information of your Slack app",
}
_PREFIXES = {"SLACK_BOT_TOKEN": "xoxb-", "SLACK_APP_TOKEN": "xapp-"}


class HalfConfigured(Exception):
    """The environment is incomplete or wrong; ``str(error)`` says in one sentence what to set and from where."""


def _with_slash(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise ValueError("must be a web address such as https://slack.com/api/")
    return url if url.endswith("/") else url + "/"


class Settings(BaseSettings):
    """The whole configuration.

    Names in upper case are the environment variables; a ``.env`` file may hold them too.
    """

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", env_ignore_empty=True, populate_by_name=True, hide_input_in_errors=True
    )

    bot_token: SecretStr | None = Field(default=None, validation_alias="SLACK_BOT_TOKEN")
    app_token: SecretStr | None = Field(default=None, validation_alias="SLACK_APP_TOKEN")
    signing_secret: SecretStr | None = Field(default=None, validation_alias="SLACK_SIGNING_SECRET")
    api_url: Annotated[str, AfterValidator(_with_slash)] = Field(
        default="https://slack.com/api/", validation_alias="SLACK_API_URL"
    )
    # Not represented: the address of a server holds its password.
    database_url: str = Field(
        default="sqlite:///tocsin.db", validation_alias="TOCSIN_DATABASE_URL", repr=False
    )
    policy: Path | None = Field(default=None, validation_alias="TOCSIN_POLICY")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", validation_alias="TOCSIN_LOG_LEVEL"
    )
    # Less would forget what the desk still has at hand.
    keep_days: Annotated[int, Field(ge=31, le=3660)] = Field(default=90, validation_alias="TOCSIN_KEEP_DAYS")
    host: str = Field(default="127.0.0.1", validation_alias="TOCSIN_HOST")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(default=3000, validation_alias="TOCSIN_PORT")

    @classmethod
    def load(cls, env_file: Path | None = Path(".env"), **given: Any) -> Self:
        """Read the environment and ``env_file`` (where there is one); ``given`` wins over both.

        Raises:
            HalfConfigured: a value is there but cannot be used.
        """
        try:
            return cls(**{"_env_file": env_file, **given})
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            name = str(first["loc"][0]) if first["loc"] else "the configuration"
            raise HalfConfigured(f"{name} cannot be used: {_plain(first['msg'])}.") from None

    def require(self, transport: Transport | None) -> None:
        """Refuse to start without the secrets that a transport needs, or with ones of the wrong kind.

        Raises:
            HalfConfigured: names the first variable to set and where its value is found.
        """
        needed = {"SLACK_BOT_TOKEN": self.bot_token}
        if transport == "socket":
            needed["SLACK_APP_TOKEN"] = self.app_token
        if transport == "http":
            needed["SLACK_SIGNING_SECRET"] = self.signing_secret
        for name, secret in needed.items():
            value = "" if secret is None else secret.get_secret_value().strip()
            if not value:
                raise HalfConfigured(f"{name} is missing: set it to {_ORIGINS[name]}.")
            if not value.startswith(_PREFIXES.get(name, "")):
                start = _PREFIXES[name]
                raise HalfConfigured(f"{name} does not start with {start}: set it to {_ORIGINS[name]}.")


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ").removesuffix(".")
