"""Renders templates: escaping always on, words and times in Indonesian."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from alerts.wording import day, moment
from pantau.documents import region_name
from pantau.web.context import WebContext
from pantau.web.viewer import viewer_of

_TEMPLATES = Environment(
    loader=PackageLoader("pantau.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def context_of(request: Request) -> WebContext:
    context = request.app.state.context
    assert isinstance(context, WebContext)
    return context


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page from its template. Every template also gets ``viewer``, ``csrf`` and ``now``."""
    context = context_of(request)
    now = context.clock().astimezone(context.zone)
    rendered = _TEMPLATES.get_template(template).render(
        viewer=viewer_of(request),
        csrf=getattr(request.state, "csrf", ""),
        path=request.url.path,
        now=now,
        **values,
    )
    return HTMLResponse(rendered, status_code=status)


def number(value: float) -> str:
    """12.345 as Indonesian writes it."""
    return f"{value:,.0f}".replace(",", ".")


def _day(when: date | datetime, now: datetime) -> str:
    return day(when.astimezone(now.tzinfo).date() if isinstance(when, datetime) else when)


_TEMPLATES.filters |= {
    "number": number,
    "day": _day,
    "moment": moment,
    "region": region_name,
}
