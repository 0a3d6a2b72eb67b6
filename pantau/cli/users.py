"""``pantau users``: who may open the pages."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.table import Table
from sqlalchemy.orm import Session

from extract.entities import regions
from pantau.cli.app import app, console, home_of
from pantau.clock import system_clock
from pantau.state import accounts, audit, open_state
from pantau.state.accounts import AccountError, Role, Who
from pantau.web.security import passwords

group = typer.Typer(no_args_is_help=True, help="Make, list and disable accounts for the pages.")
app.add_typer(group, name="users")

FAULTS = {
    "short": f"needs at least {passwords.SHORTEST} characters",
    "long": f"may have at most {passwords.LONGEST} characters",
    "name": "must not hold the account's name",
    "uniform": "is too uniform",
}
Name = Annotated[str, typer.Argument(metavar="NAME", help="What one logs in with.")]
RoleHelp = typer.Option(
    "--role", help="watcher: judges cases; analyst: searches; operator: tunes sources; admin: all."
)
RegionOption = Annotated[
    list[str] | None,
    typer.Option(
        "--region", help="Code of a region the account is for (33.15); again for more. None: all."
    ),
]
FullName = Annotated[str | None, typer.Option(help="The person's name.")]
Email = Annotated[
    str | None, typer.Option(help="Address under which answers in mails count as this account's.")
]
Stdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input.")
]


@group.command()
def add(
    context: typer.Context,
    name: Name,
    role: Annotated[Role, RoleHelp] = "watcher",
    region: RegionOption = None,
    full_name: FullName = None,
    email: Email = None,
    password_stdin: Stdin = False,
) -> None:
    """Make an account. The password is asked for, twice."""
    codes = _known(region or [])
    with _writing(context) as session:
        if accounts.find(session, name) is not None:
            raise AccountError(f'There is an account "{name}" already. Choose another name.')
    password_hash = passwords.hashed(_password(name, password_stdin))
    with _writing(context) as session:
        accounts.add(
            session,
            name=name,
            full_name=full_name or name,
            role=role,
            regions=codes,
            password_hash=password_hash,
            now=system_clock(),
            email=email or "",
        )
        _note(session, name, f"made: {role}, {', '.join(codes) or 'all regions'}")
    console.print(f"{name}: {role}, {', '.join(codes) or 'all regions'}", highlight=False)


@group.command("list")
def list_users(context: typer.Context) -> None:
    """Show every account."""
    table = Table("name", "person", "role", "regions", "email", "since", "state")
    with _writing(context) as session:
        for row in accounts.everyone(session):
            table.add_row(
                row.name,
                row.full_name,
                row.role,
                ", ".join(row.regions) or "all",
                row.email,
                f"{row.created_at:%Y-%m-%d}",
                f"disabled {row.disabled_at:%Y-%m-%d}" if row.disabled_at else "works",
            )
    console.print(table)


@group.command()
def change(
    context: typer.Context,
    name: Name,
    role: Annotated[Role | None, RoleHelp] = None,
    region: RegionOption = None,
    everywhere: Annotated[bool, typer.Option(help="For all regions from now on.")] = False,
    full_name: FullName = None,
    email: Email = None,
) -> None:
    """Change an account's role, regions, name or address; what is not given stays."""
    codes = _known(region or [])
    with _writing(context) as session:
        row = accounts.get(session, name)
        row.role, row.full_name = role or row.role, full_name or row.full_name
        row.email = row.email if email is None else email
        if codes or everywhere:
            row.regions = codes
        _note(session, name, f"now: {row.role}, {', '.join(row.regions) or 'all regions'}")


@group.command()
def disable(context: typer.Context, name: Name) -> None:
    """Shut an account out, at once. It is kept, as the logs name it."""
    with _writing(context) as session:
        accounts.disable(session, accounts.get(session, name), system_clock())
        _note(session, name, "disabled")


@group.command()
def enable(context: typer.Context, name: Name) -> None:
    """Let a disabled account in again."""
    with _writing(context) as session:
        accounts.enable(accounts.get(session, name))
        _note(session, name, "enabled")


@group.command()
def password(context: typer.Context, name: Name, password_stdin: Stdin = False) -> None:
    """Give an account another password; whoever was logged in with the old one is out."""
    with _writing(context) as session:
        accounts.get(session, name)
    password_hash = passwords.hashed(_password(name, password_stdin))
    with _writing(context) as session:
        accounts.set_password(session, accounts.get(session, name), password_hash, system_clock())
        _note(session, name, "password changed")


@contextmanager
def _writing(context: typer.Context) -> Iterator[Session]:
    home = home_of(context)
    home.make()
    state = open_state(home.database_url(home.load_config()))
    try:
        with state.write() as session:
            yield session
    finally:
        state.close()


def _note(session: Session, name: str, detail: str) -> None:
    who = Who("pantau users", via="command")
    audit.note(session, who, "account", now=system_clock(), subject=name, detail=detail)


def _known(codes: list[str]) -> list[str]:
    """The codes, once each. Raises AccountError for one that there is not."""
    for code in codes:
        if code not in regions.table():
            raise AccountError(f'There is no region "{code}". A code looks like 33 or 33.15.')
    return list(dict.fromkeys(codes))


def _password(name: str, from_stdin: bool) -> str:
    """A new password. Raises AccountError for one that will not do."""
    if from_stdin:
        given = sys.stdin.readline().rstrip("\n")
    else:
        given = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    if fault := passwords.fault(given, name=name):
        raise AccountError(f"The password {FAULTS[fault]}.")
    return given
