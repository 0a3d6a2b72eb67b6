"""A mistake in config/ is told with its file, its line, what is wrong and how to mend it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pantau.config import load_config
from pantau.config.lines import line_of
from pantau.errors import ConfigError
from pantau.home import default_config

SOURCE = """\
[[source]]
id = "suara-garut"
name = "Suara Garut"
region = "32.05"
every = "15m"

[[source.ways]]
kind = "feed"
url = "https://suara-garut.example/feed"
"""


def write(folder: Path, **files: str) -> Path:
    (folder / "sources").mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        path = folder / "sources" / "jabar.toml" if name == "sources" else folder / f"{name}.toml"
        path.write_text(text, encoding="utf-8")
    return folder


def problems(folder: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_config(folder)
    return [line.removeprefix(f"{folder}/") for line in caught.value.problems]


def test_shipped_configuration_has_no_mistake() -> None:
    config = load_config(default_config())
    assert config.settings.alerts.alert_horizon == timedelta(days=14)


def test_a_source_is_read(tmp_path: Path) -> None:
    source = load_config(write(tmp_path, sources=SOURCE)).source("suara-garut")
    assert source.every == timedelta(minutes=15)
    assert source.ways[0].url == "https://suara-garut.example/feed"


@pytest.mark.parametrize(
    ("wrong", "line", "says"),
    [
        (SOURCE.replace('every = "15m"', 'every = "15 menit"'), 5, "a number and a unit"),
        (SOURCE.replace('"32.05"', '"3205"'), 4, "Kepmendagri code"),
        (SOURCE.replace('kind = "feed"', 'kind = "telegram"'), 7, "https://t.me/s/CHANNEL"),
        (
            SOURCE.replace('kind = "feed"', 'kind = "telegram"').replace(
                ".example/feed", "/s/garut"
            ),
            1,
            "the terms of telegram need a decision",
        ),
        (SOURCE + 'within = "main"\n', 7, '"within" says nothing to a way in of the kind "feed"'),
        (SOURCE.replace("\n\n", '\nselectors = { text = "div[" }\n\n'), 6, "no CSS selector"),
        (SOURCE.replace("\n\n", '\nselectors = { texts = "div" }\n\n'), 6, 'Did you mean "text"?'),
        (SOURCE.replace("\n\n", '\nlanguage = "Jawa"\n\n'), 6, "source.language"),
        (SOURCE + 'query = "netral"\n', 7, '"query" says nothing to a way in of the kind "feed"'),
        (SOURCE.replace('kind = "feed"', 'kind = "fed"'), 8, "should be 'feed', 'listing'"),
        (SOURCE.replace("https://", "ftp://"), 9, "http:// or https://"),
        (SOURCE.replace("name =", "nme ="), 3, 'Did you mean "name"?'),
        (SOURCE.replace('name = "Suara Garut"\n', ""), 1, '"source.name" is missing'),
        (SOURCE + SOURCE.replace("suara-garut", "Suara_Garut", 1), 11, "source.id"),
        (SOURCE.replace('every = "15m"', 'cron = "61 * * * *"'), 5, "five fields"),
        (SOURCE.replace('every = "15m"', ""), 1, 'every = "15m" or cron'),
        (SOURCE.replace('"Suara Garut"', '"Suara Garut'), 3, "this is not TOML"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, wrong: str, line: int, says: str) -> None:
    told = problems(write(tmp_path, sources=wrong))
    assert any(told_.startswith(f"sources/jabar.toml:{line}: ") and says in told_ for told_ in told)


def test_all_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        sources=SOURCE.replace("name =", "nme ="),
        settings='[crawl]\nuser_agnt = "x"\n',
        subscriptions='[[subscription]]\nid = "a"\nname = "A"\nrecipients = ["bukan alamat"]\n',
    )
    told = "\n".join(problems(folder))
    assert 'settings.toml:2: "crawl.user_agnt" is not a known key. Did you mean' in told
    assert "subscriptions.toml:4: subscription.recipients: a mail address" in told
    assert "sources/jabar.toml:3:" in told


def test_an_id_that_is_used_twice_is_told(tmp_path: Path) -> None:
    [told] = problems(write(tmp_path, sources=SOURCE + SOURCE))
    assert told.startswith('sources/jabar.toml:11: the id "suara-garut" is used twice')
    subscription = '[[subscription]]\nid = "a"\nname = "A"\nrecipients = ["a@b.example"]\n'
    [twice, nowhere] = problems(
        write(tmp_path, sources="", subscriptions=subscription * 2 + 'ways = ["grup"]\n')
    )
    assert twice.startswith('subscriptions.toml:6: the id "a" is used twice')
    assert nowhere.startswith('subscriptions.toml:9: subscription "a" names a way "grup"')


def test_a_file_that_is_not_utf8_is_told_with_its_line(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "settings.toml").write_bytes(b'[crawl]\ncontact = "\xff"\n')
    assert problems(folder) == ["settings.toml:2: this is not UTF-8. Save the file as UTF-8."]


def test_an_unknown_source_is_answered_with_the_nearest(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, sources=SOURCE))
    with pytest.raises(ConfigError, match='Did you mean "suara-garut"'):
        config.source("suara-grut")


def test_a_password_is_never_in_the_configuration_itself(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        settings='[mail.smtp]\nhost = "mail.example"\nusername = "pantau"\npassword = "rahasia"\n',
    )
    told = "\n".join(problems(folder))
    assert "password" in told
    assert "rahasia" not in told


@pytest.mark.parametrize(
    "value", ["mail://pantau:rahasia@host", {"host": "x", "secret": "rahasia"}]
)
def test_a_wrong_value_that_may_hold_a_secret_is_not_repeated(
    tmp_path: Path, value: object
) -> None:
    folder = write(tmp_path, settings=f"[search]\nhosts = {_toml(value)}\n")
    assert "rahasia" not in "\n".join(problems(folder))


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f'{key} = "{text}"' for key, text in value.items()) + " }"
    return f'"{value}"'


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('every = "15m"', 'cron = "0 0 31 2 *"', "never comes true"),
        ('every = "15m"', 'every = "0s"', "greater than"),
    ],
)
def test_a_rhythm_that_cannot_be_kept_is_told(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    (line,) = problems(write(tmp_path, sources=SOURCE.replace(old, new)))
    assert line.startswith("sources/jabar.toml:5: ")
    assert told in line


def test_a_base_that_is_no_web_address_is_told(tmp_path: Path) -> None:
    (line,) = problems(write(tmp_path, settings='[alerts]\nbase_url = "pantau.example"\n'))
    assert line.startswith("settings.toml:2: alerts.base_url: an address starts with http")


@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b", "c"]), st.integers(0, 3)), min_size=1, max_size=12
    )
)
def test_each_key_is_found_on_its_line(tables: list[tuple[str, int]]) -> None:
    """Whatever the order of tables, a key's line is the one it stands on."""
    lines: list[str] = []
    counts: dict[str, int] = {}
    expected: list[tuple[tuple[str | int, ...], int]] = []
    for name, blanks in tables:
        lines += [""] * blanks + [f"[[{name}]]", "x = 1"]
        place = counts[name] = counts.get(name, -1) + 1
        expected.append(((name, place, "x"), len(lines)))
    text = "\n".join(lines)
    assert [line_of(text, path) for path, _ in expected] == [line for _, line in expected]
