"""Files between the page and the workspace: shown in messages, and chosen in forms."""

from aiohttp import web

from bot.sandbox import shapes
from bot.sandbox.state import File, User, Workspace

LARGEST = 16 * 1024 * 1024


async def keep(workspace: Workspace, who: User, request: web.Request) -> dict[str, object]:
    """Keep the body of a request as a file of this person, and return it as Slack's JSON."""
    content = await request.read()
    name = request.query.get("name", "")
    if not name or not content or len(content) > LARGEST:
        raise web.HTTPBadRequest(text=f"A file has a name and between 1 and {LARGEST:,} bytes.")
    file = File(
        id=workspace.fresh("F"),
        name=name,
        user=who.id,
        length=len(content),
        created=workspace.seconds(),
        content=content,
        complete=True,
    )
    workspace.files[file.id] = file
    return shapes.file(file)


def give(workspace: Workspace, id: str) -> web.Response:
    """Return a file to be saved; never to be opened here, since what is in it comes from outside."""
    file = workspace.files.get(id)
    if file is None or file.content is None:
        raise web.HTTPNotFound(text="There is no such file.")
    safe = "".join(
        char if char.isascii() and (char.isalnum() or char in "._- ") else "_" for char in file.name
    )
    return web.Response(
        body=file.content,
        content_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{safe}"'},
    )
