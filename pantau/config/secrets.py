"""Reads the secrets that a configuration names and never holds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pantau.errors import ConfigError


def secret(
    where: str, variable: str, file: Path | None, environment: Mapping[str, str]
) -> str | None:
    """What stands in the file, else in the environment variable; None where neither is named.

    ``where`` is the key whose ``_env`` and ``_file`` these are, as ``settings.toml: mail.smtp.
    password``. Raises ConfigError, which names the place and never what it holds.
    """
    if file is not None:
        try:
            return file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            told = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            raise ConfigError([f"{where}_file: {file} cannot be read ({told})."]) from error
    if not variable:
        return None
    if variable not in environment:
        raise ConfigError([f"{where}_env: set the environment variable {variable}."])
    return environment[variable]
