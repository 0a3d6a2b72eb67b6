"""Puts the pages together. ``pantau web`` serves what ``create_app`` returns."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from pantau.web import errors
from pantau.web.api import exports, feeds, reference
from pantau.web.api.app import create_api
from pantau.web.context import WebContext
from pantau.web.pages import ROUTERS
from pantau.web.security import middleware
from pantau.web.security import pages as account_pages

STATIC = Path(__file__).with_name("static")


def create_app(context: WebContext) -> FastAPI:
    """The application over an opened home. ``context`` is found at ``app.state.context``."""
    app = FastAPI(title="Pantau", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.context = context
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    api = create_api(context)
    app.mount(reference.MOUNTED_AT, api)
    own = (account_pages.router, exports.router, feeds.router, reference.router_for(api))
    for router in (*ROUTERS, *own):
        app.include_router(router)
    errors.install(app)
    middleware.install(app)
    return app
