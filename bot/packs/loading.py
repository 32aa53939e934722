"""A folder of YAML and templates to one frozen policy, or a list of everything that is wrong with it."""

from hashlib import sha256
from pathlib import Path

from pydantic import ValidationError

from bot.domain.policy import Policy
from bot.packs.explaining import explain
from bot.packs.lint import lint
from bot.packs.problems import PackError, Problem
from bot.packs.reading import Document, files_of, read

SUFFIX = ".txt.j2"
DEFAULT = Path(__file__).parent / "default"


def load(folder: Path | str = DEFAULT) -> Policy:
    """Read a pack and return its policy; its ``version`` is the hash of what it says, not of how it is written.

    Raises `PackError` with every mistake at once: nothing of a broken pack is ever used.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise PackError(
            [
                Problem(
                    file=str(folder),
                    found="no such folder",
                    expected="a folder with the YAML files of a pack",
                )
            ]
        )
    try:
        files = files_of(folder)
        templates = {path.name.removesuffix(SUFFIX): path.read_text("utf-8") for path in _templates(folder)}
    except OSError as error:
        name = str(error.filename or folder)
        raise PackError(
            [Problem(file=name, found=str(error.strerror), expected="a file that can be read")]
        ) from None
    except UnicodeDecodeError:
        found = "bytes that are not UTF-8"
        raise PackError([Problem(file=f"{folder}/templates", found=found, expected="UTF-8 text")]) from None
    if not files:
        raise PackError(
            [Problem(file=str(folder), found="no .yaml file", expected="the YAML files of a pack")]
        )
    return _policy(read(files), templates)


def _policy(document: Document, templates: dict[str, str]) -> Policy:
    reserved = [
        Problem(
            file=place.file, line=place.line, column=place.column, field=key, found=f"the key {key!r}",
            expected="it to be left out", hint="it is made from the files",
        )
        for key in ("version", "templates")
        if (place := document.places.get((key,))) is not None
    ]  # fmt: skip
    problems = [*document.problems, *reserved]
    try:
        policy = Policy.model_validate({**document.values, "version": "", "templates": templates})
    except ValidationError as error:
        # A file that could not be read makes its keys look missing: saying so again would only hide the cause.
        unread = {problem.file for problem in document.problems if not problem.field}
        details = (
            d for d in error.errors() if not (unread and d["type"] == "missing" and len(d["loc"]) == 1)
        )
        shape = [explain(document, detail) for detail in details]
        raise PackError([*problems, *shape, *_across(document, templates, error)]) from None
    problems += [problem for problem in lint(policy, document) if not problem.warning]
    if problems:
        raise PackError(problems)
    content = policy.model_dump_json()
    return policy.model_copy(update={"version": sha256(content.encode()).hexdigest()[:16]})


def _across(document: Document, templates: dict[str, str], error: ValidationError) -> list[Problem]:
    """Return what does not fit together in the sound sections of a pack that has broken ones, too.

    The broken ones are stood in for by the default pack's; what is found in those, or may be their fault, is not said.
    """
    broken = {str(detail["loc"][0]) for detail in error.errors() if detail["loc"]}
    if broken & {"roles", "dimensions", "stages"}:
        return []
    spare = read(files_of(DEFAULT)).values
    stood_in = {key: spare[key] for key in broken if key in spare}
    known = {key: value for key, value in document.values.items() if key in Policy.model_fields}
    try:
        policy = Policy.model_validate({**known, **stood_in, "version": "", "templates": templates})
    except ValidationError:
        return []
    return [problem for problem in lint(policy, document) if problem.field.split(".")[0] not in broken]


def _templates(folder: Path) -> list[Path]:
    return [path for path in sorted((folder / "templates").glob(f"*{SUFFIX}")) if path.is_file()]
