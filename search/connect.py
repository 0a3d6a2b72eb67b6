"""The way to Elasticsearch, as the settings tell it. Certificates are always checked."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from pathlib import Path

from elasticsearch import Elasticsearch

from pantau.config.models import Search
from pantau.config.secrets import secret
from pantau.errors import ConfigError


def connect(settings: Search, environment: Mapping[str, str]) -> Elasticsearch:
    """A client for the hosts; nothing is asked of them yet. Raises ConfigError for a secret
    or CA file that is not there, naming the place and never what it holds."""
    password = secret(
        "settings.toml: search.password",
        settings.password_env,
        settings.password_file,
        environment,
    )
    api_key = secret(
        "settings.toml: search.api_key", settings.api_key_env, settings.api_key_file, environment
    )
    return Elasticsearch(
        list(settings.hosts),
        api_key=api_key,
        basic_auth=(settings.username, password) if password is not None else None,
        ssl_context=_trusted(settings.ca_file) if _encrypted(settings) else None,
        request_timeout=settings.timeout.total_seconds(),
        max_retries=2,
        retry_on_timeout=True,
    )


def _encrypted(settings: Search) -> bool:
    return any(host.startswith("https:") for host in settings.hosts)


def _trusted(ca_file: Path | None) -> ssl.SSLContext:
    """The system's authorities, or only those of the file."""
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        raise ConfigError(
            [f"settings.toml: search.ca_file {ca_file} cannot be read as certificates ({error})."]
        ) from error
