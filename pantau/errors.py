"""The family of errors a person is shown: each says what is wrong and how to mend it.

PantauError
├── ConfigError      a file in config/ cannot be used
├── StateError       the state database or the home folder cannot be used
│   └── InUse        ... because another pantau is at work there
├── IndexUnavailable the index cannot be reached or takes nothing now
├── QueryError       a search query has a mistake
└── DeliveryError    a mail could not be handed over
    └── Refused      ... and never will be (permanent)
"""

from __future__ import annotations

from pathlib import Path


class PantauError(Exception):
    """Base of all errors that are shown without a traceback."""

    exit_code = 1


class ConfigError(PantauError):
    """One or more mistakes in a configuration file.

    Each problem is a line ``file:line: what is wrong. How to mend it``.
    """

    exit_code = 2

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))

    @classmethod
    def at(cls, path: Path, line: int | None, message: str) -> ConfigError:
        where = f"{path}:{line}" if line else str(path)
        return cls([f"{where}: {message}"])


class StateError(PantauError):
    """The state database, the archive or the home folder cannot be used."""

    exit_code = 3


class InUse(StateError):
    """Another process crawls, judges and mails there; it may end."""


class IndexUnavailable(PantauError):
    """The index cannot be reached or takes nothing now; articles wait for it as rows."""

    exit_code = 3


class QueryError(PantauError):
    """A search query has a mistake; the text names the column and a suggestion, in Indonesian."""

    exit_code = 2


class DeliveryError(PantauError):
    """A mail could not be handed over now; trying again may help."""


class Refused(DeliveryError):
    """A mail was refused for good (SMTP 5xx)."""
