"""Writes a mail about an invented case, to be looked at: ``python -m tests.alerts.sample FOLDER``.

The folder gets the whole mail (.eml) and its two parts (.txt, .html). Karangan.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from alerts.mail import render
from alerts.wording import Places
from pantau.records import Alert
from tests.alerts import world


def sample(base_url: str = "") -> Alert:
    post = world.report(
        article_id="a2",
        kind="post",
        title="",
        url="https://medsos.example/@warga_tirta/112",
        source_name="Mastodon: pencarian Grobogan",
        published=datetime(2024, 10, 13, 1, 25, tzinfo=UTC),
        first_seen=datetime(2024, 10, 13, 2, 0, tzinfo=UTC),
        page_sha256="cd" * 32,
        sentence="Pak Camat Tirtawangi jejer calon bupati nomer 2, @bawaslu wani ora?",
        score=0.7,
    )
    second = world.report(
        article_id="a3",
        title="Bawaslu Telusuri Foto Camat Tirtawangi di Resepsi Pernikahan",
        url="https://suaratirta.example/2024/10/15/bawaslu-telusuri-foto-camat-tirtawangi",
        source_name="Suara Tirta",
        published=datetime(2024, 10, 15, 3, 5, tzinfo=UTC),
        first_seen=datetime(2024, 10, 15, 3, 20, tzinfo=UTC),
        page_sha256="ef" * 32,
        stage="under_examination",
        stage_by="Bawaslu Kabupaten Grobogan",
        score=0.85,
    )
    case = world.case(
        stage="under_examination",
        stage_by="Bawaslu Kabupaten Grobogan",
        denied=True,
        answer="Saya hanya tamu, diajak berfoto lalu ikut gaya orang di kiri kanan.",
        skb_forms=(5, 10),
    )
    return replace(world.alert(), case=case, reports=(world.report(), post, second))


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    message = render(
        sample(),
        world.subscription(),
        sender="pantau@bawaslu.example",
        recipient="penanganan@bawaslu.example",
        places=Places(world.region_name, world.archive_path),
        now=world.NOW.astimezone(ZoneInfo("Asia/Jakarta")),
    )
    (folder / "mail.eml").write_bytes(message.as_bytes())
    for kind in ("plain", "html"):
        part = message.get_body((kind,))
        assert part is not None
        suffix = "txt" if kind == "plain" else "html"
        (folder / f"mail.{suffix}").write_text(part.get_content(), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
