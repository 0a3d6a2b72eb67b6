"""What people gave has no source of its own, and is called by where it stands."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from pantau.config import Config, Settings, Source
from pantau.config.models import WayIn
from pantau.source_names import source_name

SOURCE = Source(
    id="kabar-tirta",
    name="Kabar Tirta",
    every=timedelta(minutes=15),
    ways=(WayIn(kind="feed", url="https://kabartirta.example/feed"),),
)
CONFIG = Config(folder=Path(), settings=Settings(), sources={SOURCE.id: SOURCE}, subscriptions={})


@pytest.mark.parametrize(
    ("source_id", "url", "platform", "name"),
    [
        ("kabar-tirta", "https://www.facebook.com/x", "wordpress", "Kabar Tirta"),
        ("manual", "https://www.facebook.com/warga.tirta/posts/7", "facebook", "facebook"),
        ("manual", "https://www.kabarlembah.example/berita/7", "", "kabarlembah.example"),
        ("manual", "", "", "manual"),
        ("kabar-lama", "https://kabarlama.example/1", "", "kabar-lama"),
    ],
)
def test_a_source_is_called_by_its_name(source_id: str, url: str, platform: str, name: str) -> None:
    assert source_name(CONFIG, source_id, url=url, platform=platform) == name
