"""Reads ``config/``: settings, subscriptions and sources, each mistake told with its line."""

from pantau.config.load import Config, load_config, load_subscriptions
from pantau.config.models import Settings, Source, Subscription, WayIn

__all__ = [
    "Config",
    "Settings",
    "Source",
    "Subscription",
    "WayIn",
    "load_config",
    "load_subscriptions",
]
