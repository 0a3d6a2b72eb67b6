"""One article, one address, however it was reached."""

from __future__ import annotations

import time

import pytest

from extract.page.urls import article_id, canonical_url, names_article, site_of, url_key

ARTICLE = "https://www.kabarseruni.example/berita/camat-buka-lomba-desa"


@pytest.mark.parametrize(
    "twin",
    [
        "http://www.kabarseruni.example/berita/camat-buka-lomba-desa",
        "https://kabarseruni.example/berita/camat-buka-lomba-desa/",
        "https://m.kabarseruni.example/berita/camat-buka-lomba-desa",
        "https://amp.kabarseruni.example/berita/camat-buka-lomba-desa",
        "https://www.kabarseruni.example/berita/camat-buka-lomba-desa/amp/",
        "https://www.kabarseruni.example/amp/berita/camat-buka-lomba-desa",
        "https://www.kabarseruni.example/berita/camat-buka-lomba-desa?amp=1",
        "https://www.kabarseruni.example/berita/camat-buka-lomba-desa?utm_source=wa&fbclid=x",
        "https://www.kabarseruni.example/berita/camat-buka-lomba-desa?page=all",
        "https://www.kabarseruni.example/berita/camat-buka-lomba-desa?page=2",
        "https://www.kabarseruni.example/berita/camat-buka-lomba-desa?showpage=all",
        "https://www.kabarseruni.example/berita/camat-buka-lomba-desa?single=1",
        "https://www.kabarseruni.example/berita/camat-buka-lomba-desa/2/",
        "https://www.kabarseruni.example/berita/camat-buka-lomba-desa/page/3",
        "https://www.kabarseruni.example/berita/camat-buka-lomba-desa/all",
        "https://www.kabarseruni.example/berita/camat-buka-lomba-desa#komentar",
        "https://WWW.KabarSeruni.example:443/berita//camat-buka-lomba-desa",
        "https://www.kabarseruni.example/berita/camat%2Dbuka-lomba-desa",
    ],
)
def test_twins_have_one_id(twin):
    assert article_id(twin) == article_id(ARTICLE)
    assert article_id(canonical_url(twin)) == article_id(ARTICLE)


@pytest.mark.parametrize(
    "other",
    [
        "https://www.kabarseruni.example/berita/camat-buka-lomba-kota",
        "https://www.kabarsekawan.example/berita/camat-buka-lomba-desa",
        "https://www.kabarseruni.example/index.php?page=berita&id=12",
        "https://www.kabarseruni.example/index.php?page=berita&id=13",
        "https://www.kabarseruni.example/?p=71",
        "https://www.kabarseruni.example/?p=72",
        "https://jateng.kabarseruni.example/berita/camat-buka-lomba-desa",
    ],
)
def test_other_articles_keep_their_ids(other):
    assert article_id(other) != article_id(ARTICLE)


def test_query_keys_that_name_the_article_stay():
    assert url_key("https://a.example/baca?id=12&utm_medium=x") == "a.example/baca?id=12"
    assert url_key("https://a.example/index.php?page=detail&id=1").endswith("id=1&page=detail")


def test_the_address_still_works_as_a_link():
    assert canonical_url("http://www.desa.example/berita/satu-dua-tiga/?fbclid=1") == (
        "http://www.desa.example/berita/satu-dua-tiga/"
    )


@pytest.mark.parametrize(
    ("claimed", "counts"),
    [
        ("https://www.kabarseruni.example/berita/lomba-desa-dibuka-camat", True),
        ("/berita/lomba-desa-dibuka-camat", True),
        ("https://kabar.kabarseruni.example/read/881/lomba-desa", True),
        ("https://www.kabarseruni.example/", False),
        ("https://www.kabarseruni.example/berita", False),
        ("https://www.lain.example/berita/lomba-desa-dibuka-camat", False),
        ("https://[bukan-alamat/berita", False),
        ("javascript:void(0)", False),
    ],
)
def test_rel_canonical_counts_on_the_same_site_and_for_articles_only(claimed, counts):
    assert (canonical_url(ARTICLE, claimed) != canonical_url(ARTICLE)) is counts


def test_blogs_on_one_host_are_different_sites():
    assert site_of("satu.blogspot.com") != site_of("dua.blogspot.com")
    assert site_of("jateng.tribunnews.com") == "tribunnews.com"
    assert site_of("dinkes.mawarkab.go.id") == "mawarkab.go.id"


@pytest.mark.parametrize("address", ["", "bukan alamat", "http://", "https://a:b:c/", "mailto:x@y"])
def test_broken_addresses_do_not_raise(address):
    canonical_url(address)
    article_id(address)
    assert not names_article(address)


@pytest.mark.parametrize("piece", ["-a", "a-", "1a", "--", "a.html", "%2D"])
def test_hostile_addresses_are_read_in_no_time(piece):
    begun = time.process_time()
    canonical_url(f"https://kabarseruni.example/{piece * 50_000}--/all")
    assert time.process_time() - begun < 0.5
