"""``pantau alerts``: try out what would be mailed, and whether mail goes out at all."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Annotated
from uuid import uuid4
from zoneinfo import ZoneInfo

import typer
from rich.table import Table

from alerts.brief import trial
from alerts.delivery import transport
from alerts.mail import render_trial
from alerts.preview import preview
from alerts.ways import open_way
from pantau.cli.app import app, console, home_of
from pantau.cli.opening import state_of
from pantau.clock import system_clock
from pantau.config import load_subscriptions
from pantau.documents import region_name
from pantau.errors import ConfigError
from pantau.state import alerts as alert_rows
from pantau.state import subscriptions

alerts = typer.Typer(no_args_is_help=True, help="Try out what would be mailed, and to whom.")
app.add_typer(alerts, name="alerts")


@alerts.command("preview")
def show_preview(
    context: typer.Context,
    subscription: Annotated[str, typer.Argument(help="Id of a subscription.")],
    days: Annotated[int, typer.Option(min=1, help="How far to look back.")] = 30,
    file: Annotated[
        Path | None,
        typer.Option(help="Read subscriptions from this file, before it replaces the one in use."),
    ] = None,
) -> None:
    """Show what a subscription would have been told of the cases of the last days."""
    home = home_of(context)
    home.make()
    config = home.load_config()
    since = system_clock() - timedelta(days=days)
    with state_of(home, config) as state, state.read() as session:
        joined = subscriptions.joined(session, config)
        known = load_subscriptions(file) if file else joined.subscriptions
        if subscription not in known:
            where = file or config.folder / "subscriptions.toml"
            there_are = ", ".join(known) or "none"
            raise ConfigError(
                [f'{where}: there is no subscription "{subscription}". There are: {there_are}.']
            )
        told = preview(session, config, known[subscription], since, region_name)
    zone = ZoneInfo(known[subscription].zone or config.settings.alerts.zone)
    table = Table("case", "first read", "told", "what")
    for one in told:
        when = "at once" if not one.section else f"digest: {one.section}"
        first_seen = f"{one.first_seen.astimezone(zone):%Y-%m-%d %H:%M}"
        table.add_row(str(one.case_id), first_seen, when, one.subject)
    console.print(table)
    alone = sum(not one.section for one in told)
    console.print(
        f"{len(told)} cases in {days} days: {alone} at once, {len(told) - alone} in digests"
    )


@alerts.command("test-mail")
def send_test_mail(
    context: typer.Context,
    recipient: Annotated[str, typer.Argument(help="Address that is to get it.")],
) -> None:
    """Send one mail by the configured way, and say what the server answered."""
    home = home_of(context)
    home.make()
    config = home.load_config()
    settings = config.settings
    now = system_clock().astimezone(ZoneInfo(settings.alerts.zone))
    message = render_trial(sender=settings.mail.sender, recipient=recipient, now=now)
    with transport(settings.mail, home.mail, os.environ) as way:
        way.send(message.as_bytes(), message_id=message["Message-ID"], recipient=recipient)
    where = "handed to the SMTP server" if settings.mail.smtp else f"written to {home.mail}"
    console.print(f"{where}: {message['Subject']}", highlight=False)


@alerts.command("test-way")
def send_test_message(
    context: typer.Context,
    way: Annotated[str, typer.Argument(help="Id of a [[way]] in subscriptions.toml.")],
) -> None:
    """Send one message by another way than mail."""
    config = home_of(context).load_config()
    if way not in config.ways or config.ways[way].kind == "feed":
        there_are = ", ".join(one.id for one in config.ways.values() if one.kind != "feed")
        raise ConfigError(
            [
                f'{config.folder / "subscriptions.toml"}: there is no way "{way}" to send by. '
                f"There are: {there_are or 'none'}."
            ]
        )
    now = system_clock()
    message_id = uuid4().hex
    with open_way(config.ways[way], os.environ, system_clock) as way_out:
        way_out.send(trial(message_id, now), message_id=message_id, recipient=way)
    console.print(f"{way}: taken", highlight=False)


@alerts.command()
def resubscribe(
    context: typer.Context,
    subscription: Annotated[str, typer.Argument(help="Id of a subscription.")],
    recipient: Annotated[str, typer.Argument(help="Address that left it by a link in a mail.")],
) -> None:
    """Let somebody who unsubscribed have the mails of a subscription again."""
    home = home_of(context)
    with state_of(home, home.load_config()) as state, state.write() as session:
        alert_rows.resubscribe(session, subscription, recipient)
    console.print(f"{recipient} gets the mails of {subscription} again.", highlight=False)
