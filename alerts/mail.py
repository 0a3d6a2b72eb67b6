"""Makes a mail of an alert, or of several: the same words as plain text and as HTML."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Literal

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from alerts.data import load
from alerts.digest import DigestNotice, Part, digest
from alerts.wording import Notice, Places, best, moment, notice
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
    key: str = "",
    sender: str,
    recipient: str,
    places: Places,
    now: datetime,
) -> EmailMessage:
    """The mail that tells one recipient of an alert.

    Its Message-ID depends on what is told and to whom, not on when, so that a mail made
    twice can be known as one; ``key`` sets it apart from another that tells the same.
    ``now`` is the mail's date, and its zone that of the times in it.
    """
    told = notice(alert, subscription, places, now, recipient)
    return _message(
        told.subject,
        Letter("mail", told),
        kind=alert.kind,
        token=_token(alert, subscription.id, recipient, key),
        threads=_threads(alert, recipient),
        sender=sender,
        recipient=recipient,
        now=now,
        unsubscribe=places.unsubscribe_url(subscription.id, recipient, now),
    )


def render_digest(
    sections: Sequence[tuple[str, Alert]],
    subscription: Subscription,
    *,
    digest_id: int,
    sender: str,
    recipient: str,
    places: Places,
    now: datetime,
) -> EmailMessage:
    """The mail that tells one recipient of several alerts, each with the section it stands in."""
    told = digest(sections, subscription, places, now)
    tokens = [_token(alert, section, recipient) for section, alert in sections]
    return _message(
        told.subject,
        Letter("digest", told),
        kind="digest",
        token=digest_of("ringkasan", str(digest_id), subscription.id, recipient, *tokens),
        threads=[digest_of("ringkasan", subscription.id, recipient)],
        sender=sender,
        recipient=recipient,
        now=now,
        unsubscribe=places.unsubscribe_url(subscription.id, recipient, now),
    )


def render_report(
    told: DigestNotice,
    *,
    kind: Literal["operators", "weekly"],
    key: str,
    sender: str,
    recipient: str,
    now: datetime,
) -> EmailMessage:
    """A mail about how Pantau does, for operators or for a week; ``key`` sets it apart from
    others of its kind."""
    return _message(
        told.subject,
        Letter("digest", told),
        kind=kind,
        token=digest_of(kind, key, recipient),
        threads=[digest_of(kind, recipient)],
        sender=sender,
        recipient=recipient,
        now=now,
    )


def render_trial(*, sender: str, recipient: str, now: datetime) -> EmailMessage:
    """A mail that only shows that mails arrive."""
    words = load("operators.toml")["trial"]
    told = DigestNotice(
        subject=words["subject"],
        kicker=words["kicker"],
        title=words["title"],
        parts=(Part(words["sent"].format(when=moment(now, now)), "", ()),),
        notes=tuple(words["notes"]),
        footer="",
    )
    return render_report(
        told,
        kind="operators",
        key=f"trial {now.isoformat()}",
        sender=sender,
        recipient=recipient,
        now=now,
    )


@dataclass(frozen=True, slots=True)
class Letter:
    """What is told, and the template that shows it."""

    template: str
    told: Notice | DigestNotice

    def text(self) -> str:
        return _TEMPLATES.get_template(f"{self.template}.txt").render(told=self.told)

    def html(self) -> str:
        return _TEMPLATES.get_template(f"{self.template}.html").render(told=self.told)


def _message(
    subject: str,
    letter: Letter,
    *,
    kind: Literal["new", "update", "reminder", "digest", "operators", "weekly"],
    token: str,
    threads: Sequence[str],
    sender: str,
    recipient: str,
    now: datetime,
    unsubscribe: str = "",
) -> EmailMessage:
    _, _, domain = sender.rpartition("@")
    message = EmailMessage(policy=SMTP)
    message["Subject"] = subject
    message["From"] = Address(_SENDER, addr_spec=sender)
    message["To"] = recipient
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{token}@{domain}>"
    message["References"] = " ".join(f"<{thread}@{domain}>" for thread in threads)
    message["Auto-Submitted"] = "auto-generated"
    if unsubscribe.startswith("https://"):  # RFC 8058: one click, and by https only
        message["List-Unsubscribe"] = f"<{unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["X-Pantau-Kind"] = kind  # what a mail program can sort by
    message.set_content(letter.text(), cte="quoted-printable")
    message.add_alternative(letter.html(), subtype="html", cte="quoted-printable")
    message["Content-Language"] = "id"
    message.set_boundary(f"=_{token}")
    return message


def _token(alert: Alert, subscription_id: str, recipient: str, key: str = "") -> str:
    """Says what is told to whom. With the case's number it is never that of another mail; with
    the words it is none a database made anew would give to something else."""
    first = best(alert.reports)
    return digest_of(
        alert.kind,
        str(alert.case.id),
        first.article_id,
        first.mention.sentence,
        *alert.changes,
        subscription_id,
        recipient,
        key,
    )


def _threads(alert: Alert, recipient: str) -> list[str]:
    """The same for all mails to one recipient about one case; of cases that turned out to be one
    that of each, so that mail programs bring them together."""
    return [
        digest_of("kasus", str(case.id), case.first_seen.isoformat(), recipient)
        for case in alert.known_as or (alert.case,)
    ]


def digest_of(*parts: str) -> str:
    joined = "\x00".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(joined).hexdigest()[:32]
