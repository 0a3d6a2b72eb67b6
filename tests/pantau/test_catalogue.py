"""The shipped sources, how a source is written, and how the catalogue is made from a survey."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from extract.entities import regions
from pantau.config import Source, load_config
from pantau.config.models import SourcesFile
from pantau.config.writing import entry
from pantau.home import default_config
from training import catalogue

SHIPPED = load_config(default_config()).sources
COLUMNS = "id,name,domain,province,kabkota,network,kind,feed_url,feed_status,alt_url,notes\n"


def test_every_province_has_a_source() -> None:
    provinces = {code for code, one in regions.table().items() if one.level == "province"}
    watched = {source.region[:2] for source in SHIPPED.values() if source.region}
    assert provinces <= watched
    assert len(SHIPPED) >= 400


def test_what_was_never_seen_to_work_is_marked_and_says_why() -> None:
    doubtful = [source for source in SHIPPED.values() if source.unverified]
    assert len(SHIPPED) - len(doubtful) >= 117
    assert all(source.note or source.official for source in doubtful)
    assert all(source.network for source in SHIPPED.values())


def test_official_channels_join_unverified_and_nothing_is_on_whose_terms_nobody_accepted() -> None:
    channels = [source for source in SHIPPED.values() if source.official]
    kinds = Counter(source.ways[0].kind for source in channels)
    assert kinds["youtube"] >= 30
    assert all(source.unverified for source in channels)
    assert not any(source.enabled and source.without_terms for source in SHIPPED.values())


def test_the_survey_is_shipped_whole_and_each_file_says_what_it_holds() -> None:
    """358 sources of the survey, and candidates for the two provinces of which it had none."""
    without = ("93", "95")  # Papua Selatan, Papua Pegunungan
    surveyed = [source for source in SHIPPED.values() if not source.official]
    added = [source for source in surveyed if (source.region or "")[:2] in without]
    assert len(surveyed) - len(added) == 358
    assert {source.region[:2] for source in added if source.region} == set(without)
    for path in (default_config() / "sources").glob("*.toml"):
        written = path.read_text("utf-8")
        said = re.match(r"# .*: (\d+) sources, of which (\d+) were seen to answer", written)
        if said:
            held = SourcesFile.model_validate(tomllib.loads(written)).source
            answered = sum(not source.unverified for source in held)
            assert (int(said[1]), int(said[2])) == (len(held), answered), path.name


@pytest.mark.parametrize("number", range(0, len(SHIPPED), 40))
def test_a_source_that_is_written_reads_the_same(number: int) -> None:
    source = list(SHIPPED.values())[number]
    assert read(entry(source, ["a reason", ""])) == source


def test_all_that_a_source_may_say_is_written() -> None:
    told = Source.model_validate(
        {
            "id": "kabar",
            "name": 'Kabar "Kita" \\ É',
            "zone": "Asia/Makassar",
            "cron": "*/15 6-22 * * *",
            "note": "baris\nkedua",
            "enabled": False,
            "skip": r"/\d'x",
            "politeness": {"delay": "90s", "concurrency": 2},
            "selectors": {"text": "div.isi > p", "published": 'time[itemprop="x"]'},
            "language": "jv",
            "terms_accepted": {"by": "Kepala Bagian", "on": "2026-11-22"},
            "ways": [
                {"kind": "bluesky", "url": "https://a.example/subscribe", "words": ["asn", "pns"]},
                {"kind": "listing", "url": "https://a.example/", "within": "main", "max_pages": 9},
            ],
        }
    )
    assert read(entry(told)) == told


def read(text: str) -> Source:
    [source] = SourcesFile.model_validate(tomllib.loads(text)).source
    return source


def test_a_survey_becomes_files_by_province(tmp_path: Path) -> None:
    survey = tmp_path / "survey.csv"
    survey.write_text(
        COLUMNS
        + "a,Kabar A,a.example,Jawa Barat,Kota Bogor,independent,wordpress,https://a.example/feed/,seen,,\n"
        + "b,Kabar B,b.example,Jawa Barat,Bogor,independent,rss,https://b.example/rss,pattern,,\n"
        + "c,Kabar C,c.example,(nasional),,suara,html,,none,,\n"
    )
    assert catalogue.write(survey, tmp_path) == {"jawa-barat": 2, "nasional": 1}
    west = tomllib.loads((tmp_path / "jawa-barat.toml").read_text())["source"]
    assert [(one["region"], one.get("unverified", False)) for one in west] == [
        ("32.71", False),
        ("32.01", True),
    ]
    assert [way["kind"] for way in west[0]["ways"]] == ["feed", "wordpress"]
    [national] = tomllib.loads((tmp_path / "nasional.toml").read_text())["source"]
    assert national["ways"][0]["url"] == "https://c.example/indeks"
    assert "region" not in national


def test_a_place_that_there_is_not_is_told(tmp_path: Path) -> None:
    survey = tmp_path / "survey.csv"
    survey.write_text(COLUMNS + "a,A,a.example,Jawa Barat,Atlantis,independent,rss,,none,,\n")
    with pytest.raises(ValueError, match="a: there is no 'Atlantis' in Jawa Barat"):
        catalogue.write(survey, tmp_path)
