"""Keeps what was fetched: each body gzipped under its SHA-256, so nothing is stored twice.

The name is the content's own hash: whoever holds a file can show that it is unaltered.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import os
import re
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from pantau.errors import StateError

READ_LIMIT = 64 * 1024 * 1024
"""Bytes a kept body may unfold to; the crawl never stores one that large."""
_PIECE = 1024 * 1024


class ArchiveError(StateError):
    """A kept body is missing, damaged or larger than it may be."""


class Archive:
    """Bodies by SHA-256 under ``root``, as ``ab/cd/<sha256>.gz``. Safe for several writers."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, sha256: str) -> Path:
        """Where a body stands or would stand. Raises ArchiveError for what is no SHA-256."""
        if not re.fullmatch(r"[0-9a-f]{64}", sha256):
            raise ArchiveError(f"{sha256!r} is no SHA-256 in lower-case hex.")
        return self.root / sha256[:2] / sha256[2:4] / f"{sha256}.gz"

    def put(self, body: bytes) -> str:
        """Keep a body and return its SHA-256. When this returns, the file outlives a crash."""
        sha256 = hashlib.sha256(body).hexdigest()
        target = self.path(sha256)
        if not target.exists():
            with _written_whole(target) as part:
                part.write(gzip.compress(body, compresslevel=6, mtime=0))
        return sha256

    def put_file(self, file: BinaryIO) -> str:
        """``put`` for what is too large to be held in memory: a file read to its end in pieces."""
        self.root.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        with tempfile.TemporaryFile(dir=self.root) as packed:
            with gzip.GzipFile("", "wb", 6, packed, mtime=0) as packing:
                while piece := file.read(_PIECE):
                    digest.update(piece)
                    packing.write(piece)
            sha256 = digest.hexdigest()
            target = self.path(sha256)
            if not target.exists():
                packed.seek(0)
                with _written_whole(target) as part:
                    shutil.copyfileobj(packed, part, _PIECE)
        return sha256

    def get(self, sha256: str, limit: int = READ_LIMIT) -> bytes:
        """The body, of at most ``limit`` bytes, checked against its name.

        Raises ArchiveError where it is missing, damaged or larger.
        """
        path = self.path(sha256)
        with _readable(path), gzip.open(path) as kept:
            body = kept.read(limit + 1)
        if len(body) > limit:
            raise ArchiveError(f"{path}: unfolds to more than {limit} bytes.")
        _must_match(path, hashlib.sha256(body).hexdigest(), sha256)
        return body

    def get_file(self, sha256: str) -> tuple[int, Iterator[bytes]]:
        """``get`` for what is too large to be held in memory: its size in bytes, and the body in
        pieces. All of it is checked against its name before a piece is given.

        Raises ArchiveError where it is missing or damaged.
        """
        path = self.path(sha256)
        with contextlib.ExitStack() as closing:
            size, digest = 0, hashlib.sha256()
            with _readable(path):
                kept = closing.enter_context(gzip.open(path))
                while piece := kept.read(_PIECE):
                    size += len(piece)
                    digest.update(piece)
            _must_match(path, digest.hexdigest(), sha256)
            closing.pop_all()
        return size, _pieces(kept)

    def delete(self, sha256: str) -> None:
        """Forget a body; one that is not there is no error."""
        with contextlib.suppress(FileNotFoundError):
            self.path(sha256).unlink()


@contextlib.contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Tells what goes wrong in reading a kept body as an ArchiveError."""
    try:
        yield
    except FileNotFoundError:
        raise ArchiveError(f"{path}: this body is not in the archive.") from None
    except (OSError, EOFError, zlib.error) as error:
        raise ArchiveError(f"{path}: cannot be read ({error}).") from error


def _must_match(path: Path, found: str, sha256: str) -> None:
    if found != sha256:
        raise ArchiveError(f"{path}: its content does not match its name.")


def _pieces(kept: gzip.GzipFile) -> Iterator[bytes]:
    """An open body from its beginning, then closed: the very file that was checked, even where
    its name is deleted meanwhile."""
    with kept:
        kept.seek(0)
        while piece := kept.read(_PIECE):
            yield piece


@contextlib.contextmanager
def _written_whole(target: Path) -> Iterator[BinaryIO]:
    """A file that stands under its name only when it is whole and outlives a crash."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as part:
            yield part
            part.flush()
            os.fsync(part.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    """Make a rename in the folder outlive a crash of the machine."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
