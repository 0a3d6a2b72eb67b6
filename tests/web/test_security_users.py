"""``pantau users``: accounts are made, changed and disabled from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pantau.cli import load_commands
from pantau.errors import PantauError
from pantau.state import accounts, open_state
from pantau.state.people_tables import AccountRow, AuditRow
from pantau.web.security import passwords
from tests.web.conftest import PASSWORD

app = load_commands(["users"])


def pantau(home: Path, *arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, ["--home", str(home), "users", *arguments], input=typed)


def held(home: Path, name: str) -> AccountRow:
    state = open_state(f"sqlite:///{home / 'state.sqlite'}")
    with state.read() as session:
        row = accounts.get(session, name)
    state.close()
    return row


def test_an_account_is_made_changed_and_disabled(tmp_path: Path) -> None:
    typed = f"{PASSWORD}\n{PASSWORD}\n"
    made = pantau(
        tmp_path, "add", "ani", "--region", "33.15", "--email", "ani@a.example", typed=typed
    )
    assert made.exit_code == 0, made.output
    assert PASSWORD not in made.output
    row = held(tmp_path, "ani")
    assert (row.role, row.regions, row.email) == ("watcher", ["33.15"], "ani@a.example")
    assert passwords.fits(PASSWORD, row.password_hash)
    assert pantau(tmp_path, "change", "ani", "--role", "admin", "--everywhere").exit_code == 0
    assert (held(tmp_path, "ani").role, held(tmp_path, "ani").regions) == ("admin", [])
    new = "kenanga di halaman"
    assert pantau(tmp_path, "password", "ani", "--password-stdin", typed=f"{new}\n").exit_code == 0
    assert passwords.fits(new, held(tmp_path, "ani").password_hash)
    assert pantau(tmp_path, "disable", "ani").exit_code == 0
    assert held(tmp_path, "ani").disabled_at is not None
    assert "disabled" in pantau(tmp_path, "list").output
    assert pantau(tmp_path, "enable", "ani").exit_code == 0
    assert held(tmp_path, "ani").disabled_at is None
    state = open_state(f"sqlite:///{tmp_path / 'state.sqlite'}")
    with state.read() as session:
        details = [row.detail for row in session.query(AuditRow).order_by(AuditRow.id)]
    state.close()
    assert details == [
        "made: watcher, 33.15",
        "now: admin, all regions",
        "password changed",
        "disabled",
        "enabled",
    ]


@pytest.mark.parametrize(
    ("arguments", "typed", "told"),
    [
        (("add", "ani"), "pendek\npendek\n", "12 characters"),
        (("add", "ani", "--region", "99"), "", "no region"),
        (("add", "Ani!"), f"{PASSWORD}\n{PASSWORD}\n", "cannot be"),
        (("disable", "ani"), "", "no account"),
    ],
)
def test_a_mistake_is_told(
    tmp_path: Path, arguments: tuple[str, ...], typed: str, told: str
) -> None:
    failed = pantau(tmp_path, *arguments, typed=typed)
    assert isinstance(failed.exception, PantauError)
    assert told in str(failed.exception)
