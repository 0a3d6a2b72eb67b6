"""``pantau web``: serve the pages."""

from __future__ import annotations

from typing import Annotated

import typer
import uvicorn

from pantau.cli.app import app, console, home_of
from pantau.clock import system_clock
from pantau.web.app import create_app
from pantau.web.context import open_context
from pantau.web.security import doors


@app.command()
def web(
    context: typer.Context,
    host: Annotated[
        str, typer.Option(help="Address to serve on. Others than loopback need an account.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to serve on.")] = 8080,
) -> None:
    """Serve the pages for watchers, analysts and operators, until stopped.

    On this machine's own address they run without accounts as long as there is none, and say so;
    on any other address Pantau refuses to serve until somebody can log in.
    """
    home = home_of(context)
    with open_context(home, home.load_config(), system_clock) as opened:
        told = doors.check(opened.state, host)
        if told:
            console.print(told, highlight=False, markup=False, soft_wrap=True)
        shown = f"[{host}]" if ":" in host else host
        console.print(f"http://{shown}:{port}/", highlight=False, soft_wrap=True)
        uvicorn.run(
            create_app(opened),
            host=host,
            port=port,
            log_level="warning",
            access_log=False,
            server_header=False,
        )
