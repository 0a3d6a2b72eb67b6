"""What is put into the archive comes out unaltered, or not at all."""

from __future__ import annotations

import gzip
import hashlib
import multiprocessing
import os
import tracemalloc
from io import BytesIO
from pathlib import Path

import pytest

from crawler.archive import Archive, ArchiveError

BODY = b"<p>Halaman</p>" * 1000


def test_a_body_comes_back_under_its_hash(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    sha256 = archive.put(BODY)
    assert sha256 == hashlib.sha256(BODY).hexdigest()
    assert archive.get(sha256) == BODY
    assert archive.path(sha256) == tmp_path / sha256[:2] / sha256[2:4] / f"{sha256}.gz"


def test_the_same_body_makes_the_same_file_whenever_it_is_written(tmp_path: Path) -> None:
    files = []
    for folder in ("a", "b"):
        archive = Archive(tmp_path / folder)
        files.append(archive.path(archive.put(BODY)).read_bytes())
    assert files[0] == files[1]


def test_a_body_is_written_once(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    path = archive.path(archive.put(BODY))
    before = path.stat()
    archive.put(BODY)
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_an_altered_body_is_refused(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    sha256 = archive.put(BODY)
    archive.path(sha256).write_bytes(gzip.compress(b"<p>lain</p>"))
    with pytest.raises(ArchiveError, match="does not match its name"):
        archive.get(sha256)
    with pytest.raises(ArchiveError, match="does not match its name"):
        archive.get_file(sha256)


WHOLE = gzip.compress(bytes(range(256)) * 10, mtime=0)
DAMAGES = [b"", b"\x1f\x8b\x08", b"teks biasa", WHOLE[:40], WHOLE[:10] + b"\xff" * 20 + WHOLE[30:]]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_an_error_that_names_it(tmp_path: Path, damage: bytes) -> None:
    archive = Archive(tmp_path)
    sha256 = archive.put(BODY)
    archive.path(sha256).write_bytes(damage)
    with pytest.raises(ArchiveError, match=sha256):
        archive.get(sha256)
    with pytest.raises(ArchiveError, match=sha256):
        archive.get_file(sha256)


def test_reading_is_bounded(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    sha256 = archive.put(bytes(1_000_000))
    with pytest.raises(ArchiveError, match="more than 1000 bytes"):
        archive.get(sha256, limit=1000)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "a" * 63])
def test_only_a_hash_is_a_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(ArchiveError):
        Archive(tmp_path).path(name)


def test_what_is_deleted_is_gone_and_may_be_deleted_again(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    sha256 = archive.put(BODY)
    archive.delete(sha256)
    archive.delete(sha256)
    with pytest.raises(ArchiveError, match="not in the archive"):
        archive.get(sha256)
    with pytest.raises(ArchiveError, match="not in the archive"):
        archive.get_file(sha256)


def _put_for_ever(folder: Path) -> None:
    archive = Archive(folder)
    number = 0
    while True:
        archive.put(b"%d" % number + BODY)
        number += 1


def test_a_writer_killed_at_any_moment_leaves_only_whole_bodies(tmp_path: Path) -> None:
    for _ in range(5):
        writer = multiprocessing.Process(target=_put_for_ever, args=(tmp_path,))
        writer.start()
        writer.join(0.3)
        writer.kill()
        writer.join()
    archive = Archive(tmp_path)
    kept = list(tmp_path.rglob("*.gz"))
    assert kept
    for path in kept:
        archive.get(path.stem)


def test_a_file_is_kept_in_pieces_under_the_same_name(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    body = os.urandom(2_500_000)
    sha256 = archive.put_file(BytesIO(body))
    assert sha256 == hashlib.sha256(body).hexdigest()
    assert archive.get(sha256) == body
    assert archive.put_file(BytesIO(body)) == archive.put(body) == sha256
    assert [path for path in archive.root.rglob("*") if path.is_file()] == [archive.path(sha256)]


def test_a_file_is_given_in_pieces_and_never_as_a_whole(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    body = os.urandom(1000) * 12_000
    sha256 = archive.put(body)
    tracemalloc.start()
    try:
        size, pieces = archive.get_file(sha256)
        archive.delete(sha256)  # let go while it is handed over: what was begun is ended
        digest = hashlib.sha256()
        for piece in pieces:
            digest.update(piece)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (size, digest.hexdigest()) == (len(body), sha256)
    assert peak < len(body) / 2
