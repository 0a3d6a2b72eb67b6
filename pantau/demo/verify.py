"""Holds the demo's mails against the labels of its texts."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

from pantau.config import Subscription
from pantau.demo.sites import DemoPage, DemoSite


@dataclass(frozen=True, slots=True)
class Mailed:
    """A mail as it lies in the mail folder."""

    path: Path
    recipient: str
    kind: str
    """new, update or digest."""
    subject: str
    text: str


def read_mails(folder: Path) -> list[Mailed]:
    """All mails of a folder, in the order of their names."""
    mails = []
    for path in sorted(folder.glob("*.eml")):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        body = message.get_body(("plain",))
        assert body is not None
        mails.append(
            Mailed(
                path=path,
                recipient=str(message["To"]),
                kind=str(message["X-Pantau-Kind"]),
                subject=str(message["Subject"]),
                text=body.get_content(),
            )
        )
    return mails


def differences(
    sites: Sequence[DemoSite], subscriptions: Iterable[Subscription], mails: Sequence[Mailed]
) -> list[str]:
    """What is wrong or missing, a line each; none where every mail is as the labels say."""
    served = {site.url(page): page for site in sites for page in site.pages}
    readable = [page for site in sites for page in site.pages if not _forbidden(site, page)]
    acts = [page for page in readable if page.row["label"] == "violation"]
    wrong = []
    told: dict[tuple[str, str], int] = {}
    for mail in mails:
        pages = [page for url, page in served.items() if url in mail.text.split()]
        events = {page.row["event"] for page in pages}
        if not pages or any(page.row["label"] != "violation" for page in pages):
            wrong.append(f"wrong: {mail.path.name} ({mail.subject}) reports no labelled act")
        elif len(events) > 1 and mail.kind != "digest":
            wrong.append(f"wrong: {mail.path.name} mixes the events {sorted(events)}")
        for event in events if mail.kind != "update" else ():
            told[mail.recipient, event] = told.get((mail.recipient, event), 0) + 1
    for subscription in subscriptions:
        events = {page.row["event"] for page in acts if _covered(subscription, page)}
        for recipient in subscription.recipients:
            for event in sorted(events):
                number = told.pop((recipient, event), 0)
                if number != 1:
                    wrong.append(f"missing: {recipient} got {number} mails about {event}, not one")
    wrong += [f"wrong: {recipient} was told of {event}" for recipient, event in sorted(told)]
    return wrong


def _covered(subscription: Subscription, page: DemoPage) -> bool:
    region = page.row["region"]
    return not subscription.regions or any(region.startswith(code) for code in subscription.regions)


def _forbidden(site: DemoSite, page: DemoPage) -> bool:
    """Whether the site's robots.txt keeps the page from us (the demo's files use prefixes only)."""
    rules = [
        line.partition(":")[2].strip()
        for line in site.plan["robots"].splitlines()
        if line.lower().startswith("disallow:")
    ]
    return any(rule and urlsplit(page.path).path.startswith(rule) for rule in rules)
