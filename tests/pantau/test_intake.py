"""What a person gives: read with its mistakes told, and never lost."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest

from extract.page.dates import WIB
from pantau import intake
from pantau.intake import Given, Mistake, Opening, from_path, given, read_csv, read_evidence

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
JPEG = b"\xff\xd8\xff\xe0" + bytes(100)


def table_of(path: Path) -> list[tuple[int, Given | Mistake]]:
    """Its lines, with the files that stand beside it."""

    def beside(name: str) -> Opening:
        return from_path(path.parent / name)

    return list(read_csv(path.read_bytes(), media=beside, zone=WIB, now=NOW))


def take(**fields: str) -> Given:
    return given(fields, zone=WIB, now=NOW)


@pytest.mark.parametrize(
    ("url", "platform", "asked"),
    [
        ("https://www.tiktok.com/@a/video/7", "tiktok", True),
        ("https://youtu.be/abc", "youtube", True),
        ("https://x.com/a/status/1", "x", True),
        ("https://m.facebook.com/a/posts/1", "facebook", False),
        ("https://www.instagram.com/p/abc/", "instagram", False),
        ("https://whatsapp.com/channel/abc", "whatsapp", False),
        ("https://notfacebook.com/a", "", True),
    ],
)
def test_which_platforms_may_be_asked(url: str, platform: str, asked: bool) -> None:
    assert intake.platform_of(url) == platform
    one = Given(url=url, platform=platform)
    assert intake.may_be_asked(one) is asked
    assert bool(intake.oembed(one)) is (asked and bool(platform))


def test_one_post_has_one_identity_however_it_was_shared() -> None:
    told = {
        intake.address(one)
        for one in (
            "https://www.instagram.com/p/abc/?igsh=x",
            "http://instagram.com/p/abc?utm_source=wa",
            "https://m.instagram.com/p/abc/#x",
        )
    }
    assert told == {"https://instagram.com/p/abc"}
    assert intake.address("https://facebook.com/permalink.php?story_fbid=1&id=2&mibextid=z") == (
        "https://facebook.com/permalink.php?story_fbid=1&id=2"
    )


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"url": "tiktok.com/x"}, "is no address"),
        ({"url": "https://a b.example/"}, "is no address"),
        ({"url": "https://user:x@a.example/"}, "is no address"),
        ({"url": "https://[rusak/"}, "is no address"),
        ({"url": ""}, "is no address"),
        ({"url": "https://facebook.com/1"}, "text: facebook may not be read by machines"),
        ({"url": "https://a.example/1", "text": "isi"}, "platform: name the platform"),
        ({"url": "https://a.example/1", "region": "99.99"}, 'there is no region "99.99"'),
        ({"url": "https://x.com/1", "published": "kapan-kapan"}, "published: "),
        ({"url": "https://x.com/1", "published": "2027-01-01"}, "lies ahead"),
        ({"url": "https://a.example/1", "platform": "a b"}, "is no name"),
    ],
)
def test_a_mistake_says_what_to_mend(fields: dict[str, str], told: str) -> None:
    with pytest.raises(Mistake, match=told.replace("(", r"\(")):
        take(**fields)


def test_times_without_a_zone_are_the_offices() -> None:
    one = take(url="https://x.com/1", published="2026-11-21 10:00", seen="21 November 2026 11:00")
    assert one.published == datetime(2026, 11, 21, 3, tzinfo=UTC)
    assert one.seen == datetime(2026, 11, 21, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "media_type", "kind"),
    [
        (JPEG, "image/jpeg", "photo"),
        (b"\x89PNG\r\n\x1a\n....", "image/png", "photo"),
        (b"RIFF\x01\x02\x03\x04WEBP", "image/webp", "photo"),
        (b"\x00\x00\x00\x18ftypmp42", "video/mp4", "video"),
        (b"\x00\x00\x00\x18ftypM4A ", "audio/mp4", "audio"),
        (b"OggS\x00", "audio/ogg", "audio"),
        (b"ID3\x04", "audio/mpeg", "audio"),
    ],
)
def test_evidence_is_known_by_its_bytes(body: bytes, media_type: str, kind: str) -> None:
    told = {"taken_by": "Staf", "taken_at": "2026-11-22 09:00", "taken_from": "ponsel"}
    found = read_evidence("a.bin", partial(BytesIO, body), told, zone=WIB, now=NOW)
    assert (found.media_type, found.type, found.taken_by) == (media_type, kind, "Staf")
    assert found.taken_at == datetime(2026, 11, 22, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    "body", [b"", b"<html><script>", b"MZ\x90", b"%PDF-1.7", b"<svg onload=x>"]
)
def test_what_is_no_picture_video_or_sound_is_refused(body: bytes) -> None:
    with pytest.raises(Mistake, match="no picture, video or sound"):
        read_evidence("a.jpg", partial(BytesIO, body), {}, zone=WIB, now=NOW)


def test_a_table_tells_each_bad_line_by_its_number(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(JPEG)
    table = tmp_path / "t.csv"
    table.write_bytes(
        b"\xef\xbb\xbf"
        + (
            b"url,text,media,taken_by\n"
            b'"https://facebook.com/1","Camat ikut\nkampanye, katanya",a.jpg,Staf\n'
            b"bukan alamat,,,\n"
            b"\n"
            b"https://facebook.com/2,isi,tidak-ada.jpg,\n"
            b"https://facebook.com/3,isi\n"
            b"https://kabar.example/berita,,,\n"
        )
    )
    lines = table_of(table)
    assert [line for line, _ in lines] == [2, 4, 6, 7, 8]
    first = lines[0][1]
    assert isinstance(first, Given)
    assert (first.text, first.evidence[0].name) == ("Camat ikut\nkampanye, katanya", "a.jpg")
    told = [str(one) for _, one in lines if isinstance(one, Mistake)]
    assert "is no address" in told[0]
    assert "cannot be read" in told[1]
    assert "2 cells in place of 4" in told[2]
    assert isinstance(lines[4][1], Given)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"alamat\nx\n", 'no column "url"'),
        (b"url,warna\nx,y\n", 'no column "warna"'),
        (b"url\n\xff\xfe", "not UTF-8"),
        (b"", 'no column "url"'),
    ],
)
def test_a_file_that_is_no_such_table_says_so(tmp_path: Path, body: bytes, told: str) -> None:
    table = tmp_path / "t.csv"
    table.write_bytes(body)
    with pytest.raises(Mistake, match=told):
        table_of(table)


def test_a_table_from_a_spreadsheet_with_semicolons(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("URL;Text\nhttps://facebook.com/1;isi, dengan koma\n")
    [(line, one)] = table_of(table)
    assert isinstance(one, Given)
    assert (line, one.text) == (2, "isi, dengan koma")


def test_a_large_file_is_read_in_pieces_and_a_larger_one_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(intake, "MOST_BYTES", 3_000_000)
    body = JPEG + bytes(3_000_000 - len(JPEG))
    found = read_evidence("a.jpg", partial(BytesIO, body), {}, zone=WIB, now=NOW)
    assert (found.size, found.sha256) == (3_000_000, hashlib.sha256(body).hexdigest())
    with pytest.raises(Mistake, match="larger than 3 MB"):
        read_evidence("a.jpg", partial(BytesIO, body + b"x"), {}, zone=WIB, now=NOW)


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ani\\layar.jpg", "layar.jpg"),
        ("a\nb\x00.jpg", "ab.jpg"),
        ("/", "?"),
    ],
)
def test_a_file_is_kept_under_its_own_name_only(told: str, name: str) -> None:
    found = read_evidence(told, partial(BytesIO, JPEG), {}, zone=WIB, now=NOW)
    assert found.name == name


def test_every_mistake_is_told_in_both_languages() -> None:
    told = dict.fromkeys(
        ("url", "region", "most", "platform", "name", "why", "raw", "columns", "found", "wanted"),
        "x",
    )
    for kind in intake._DATA["mistake"]:
        mistake = Mistake(kind, **told)
        assert str(mistake)
        assert mistake.indonesian
        assert "{" not in str(mistake) + mistake.indonesian
