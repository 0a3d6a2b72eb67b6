"""A backup that is taken while work goes on brings everything back."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest
from sqlalchemy import select

from pantau.demo.verify import read_mails
from pantau.home import Home
from pantau.state import open_state
from pantau.state.tables import PageRow
from tests.endtoend import paper as texts
from tests.endtoend.conftest import pantau, serving
from tests.endtoend.paper import make_home

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home in which something happened."""
    with serving("kabar-tirta") as paper:
        paper.publish("/berita/camat-dilaporkan", texts.ACT_TITLE, texts.ACT)
        home = make_home(tmp_path_factory.mktemp("lived") / "var", [paper])
        pantau(home, "crawl")
    return home


def test_what_is_restored_is_what_was(lived: Home, tmp_path: Path) -> None:
    packed = tmp_path / "pantau.tar"
    with lived.sole_worker():  # as while pantau run is at work
        assert pantau(lived, "backup", str(packed)).code == 0
    other = Home(tmp_path / "other")
    done = pantau(other, "restore", str(packed))
    assert done.code == 0, done.err
    assert pantau(other, "index", "rebuild").code == 0
    before, after = (pantau(home, "status", "--json") for home in (lived, other))
    assert json.loads(after.out)["sources"] == json.loads(before.out)["sources"]
    assert len(read_mails(other.mail)) == len(read_mails(lived.mail)) > 0
    assert other.secret() == lived.secret()
    assert "camat" in pantau(other, "search", "camat").out.lower()


def test_a_home_with_a_state_is_not_overwritten(lived: Home, tmp_path: Path) -> None:
    packed = tmp_path / "pantau.tar"
    pantau(lived, "backup", str(packed))
    done = pantau(lived, "restore", str(packed))
    assert done.code == 3
    assert "empty home" in done.err


@pytest.mark.parametrize("content", [b"", b"no tar", None])
def test_what_is_no_backup_is_told_and_leaves_nothing(
    tmp_path: Path, content: bytes | None
) -> None:
    packed = tmp_path / "x.tar"
    if content is None:
        with tarfile.open(packed, "w") as tar:
            tar.add(__file__, "readme.txt")
    else:
        packed.write_bytes(content)
    done = pantau(Home(tmp_path / "var"), "restore", str(packed))
    assert done.code == 3
    assert "x.tar" in done.err
    assert not (tmp_path / "var" / "state.sqlite").exists()


def test_a_body_that_is_missing_is_told(lived: Home, tmp_path: Path) -> None:
    state = open_state(lived.database_url(lived.load_config()))
    with state.read() as session:
        sha256 = session.scalars(select(PageRow.sha256).where(PageRow.sha256 != "")).first()
    state.close()
    assert sha256 is not None
    packed = tmp_path / "pantau.tar"
    kept = lived.archive / sha256[:2] / sha256[2:4] / f"{sha256}.gz"
    aside = kept.rename(tmp_path / "aside")
    pantau(lived, "backup", str(packed))
    aside.rename(kept)
    done = pantau(Home(tmp_path / "other"), "restore", str(packed))
    assert done.code == 4
    assert sha256 in done.out
