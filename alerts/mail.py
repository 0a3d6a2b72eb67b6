"""Makes a mail of an alert: the same words as plain text and as HTML."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from alerts.wording import Notice, Places, best, notice
from pantau.config.models import Subscription
from pantau.records import Alert

_TEMPLATES = Environment(
    loader=PackageLoader("alerts"),
    autoescape=select_autoescape(("html",)),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_SENDER = "Pantau"


def render(
    alert: Alert,
    subscription: Subscription,
    *,
    sender: str,
    recipient: str,
    region_name: Callable[[str], str],
    archive_path: Callable[[str], str],
    base_url: str = "",
    now: datetime,
) -> EmailMessage:
    """The mail that tells one recipient of an alert.

    Its Message-ID depends on what is told and to whom, not on when, so that a mail made
    twice can be known as one. ``now`` is the mail's date, and its zone that of the times in it.
    """
    places = Places(region_name=region_name, archive_path=archive_path, base_url=base_url)
    told = notice(alert, subscription, places, now)
    _, _, domain = sender.rpartition("@")
    token = _token(alert, subscription.id, recipient)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = told.subject
    message["From"] = Address(_SENDER, addr_spec=sender)
    message["To"] = recipient
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{token}@{domain}>"
    message["References"] = f"<{_thread(alert, recipient)}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_text(told), cte="quoted-printable")
    message.add_alternative(_html(told), subtype="html", cte="quoted-printable")
    message["Content-Language"] = "id"
    message.set_boundary(f"=_{token}")
    return message


def _text(told: Notice) -> str:
    return _TEMPLATES.get_template("mail.txt").render(told=told)


def _html(told: Notice) -> str:
    return _TEMPLATES.get_template("mail.html").render(told=told)


def _token(alert: Alert, subscription_id: str, recipient: str) -> str:
    """Says what is told to whom. With the case's number it is never that of another mail; with
    the words it is none a database made anew would give to something else."""
    first = best(alert.reports)
    return _digest(
        alert.kind,
        str(alert.case.id),
        first.article_id,
        first.mention.sentence,
        *alert.changes,
        subscription_id,
        recipient,
    )


def _thread(alert: Alert, recipient: str) -> str:
    """The same for all mails to one recipient about one case."""
    return _digest("kasus", str(alert.case.id), alert.case.first_seen.isoformat(), recipient)


def _digest(*parts: str) -> str:
    joined = "\x00".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(joined).hexdigest()[:32]
