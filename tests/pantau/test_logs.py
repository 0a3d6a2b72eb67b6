"""Logs for a log store: one object a line, whatever is in it."""

from __future__ import annotations

import json
import logging
import sys

from pantau.logs import JsonLines


def record(message: str, *arguments: object, error: bool = False) -> logging.LogRecord:
    caught = None
    if error:
        try:
            raise ValueError("rusak\nsekali")
        except ValueError:
            caught = sys.exc_info()
    return logging.LogRecord("pantau.uji", logging.INFO, __file__, 1, message, arguments, caught)


def test_one_object_a_line_with_the_id_of_the_run() -> None:
    style = JsonLines()
    lines = [style.format(record("sumber %s\nbaru", "“x”")), style.format(record("y", error=True))]
    first, second = (json.loads(line) for line in lines)
    assert all("\n" not in line for line in lines)
    assert first["message"] == "sumber “x”\nbaru"
    assert "ValueError: rusak" in second["error"]
    assert first["run"] == second["run"] != json.loads(JsonLines().format(record("z")))["run"]
