"""Renders templates: escaping always on, words and times in Indonesian."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from alerts.data import load as load_words
from alerts.plain import quoted
from alerts.wording import day, moment
from extract.law import load as load_law
from pantau.documents import region_name
from pantau.web.context import WebContext
from pantau.web.reasons import in_indonesian
from pantau.web.security.rights import may
from pantau.web.viewer import viewer_of

WORDS: dict[str, dict[str, str]] = tomllib.loads(
    Path(__file__).with_name("words.toml").read_text(encoding="utf-8")
)
_MONTHS: list[str] = load_words("wording.toml")["calendar"]["months"]

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


def address_of(request: Request) -> str:
    """Where a request comes from; a proxy before us is believed by the server, not here."""
    return request.client.host if request.client else ""


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page from its template. Every template also gets ``viewer``, ``csrf``, ``path`` and
    ``now`` (in the zone in which times are shown)."""
    context = context_of(request)
    rendered = _TEMPLATES.get_template(template).render(
        viewer=viewer_of(request),
        csrf=getattr(request.state, "csrf", ""),
        path=request.url.path,
        now=context.clock().astimezone(context.zone),
        **values,
    )
    return HTMLResponse(rendered, status_code=status)


def number(value: float) -> str:
    """12.345, as Indonesian writes it."""
    return f"{value:,.0f}".replace(",", ".")


def percent(share: float) -> str:
    return f"{share * 100:.0f}%"


def short_day(when: date | datetime | None, now: datetime) -> str:
    """12 Okt 2024, in the zone of ``now``."""
    if when is None:
        return "tanpa tanggal"
    told = when.astimezone(now.tzinfo).date() if isinstance(when, datetime) else when
    return f"{told.day} {_MONTHS[told.month - 1][:3]} {told.year}"


def short_time(when: datetime, now: datetime) -> str:
    """12 Okt 2024 08.25, in the zone of ``now``."""
    return f"{short_day(when, now)} {when.astimezone(now.tzinfo):%H.%M}"


def long_day(when: date) -> str:
    return day(when)


def begun(text: str) -> str:
    """With a capital at its start, and the rest as it is."""
    return text[:1].upper() + text[1:]


def form_name(number_of_form: int | str) -> str:
    """``5. Foto dengan simbol keberpihakan``."""
    form = load_law().forms.get(int(number_of_form))
    return f"{number_of_form}. {form.name}" if form else str(number_of_form)


_TEMPLATES.filters |= {
    "number": number,
    "percent": percent,
    "short_day": short_day,
    "short_time": short_time,
    "long_day": long_day,
    "moment": moment,
    "region": region_name,
    "form": form_name,
    "quoted": quoted,
    "reason": in_indonesian,
    "begun": begun,
}
_TEMPLATES.globals |= {"words": WORDS, "may": may}
