"""What the API answers is what its description says, whatever is sent to it."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance
from starlette.testclient import TestClient

from pantau.web.app import create_app
from pantau.web.context import WebContext
from tests.web.conftest import PASSWORD, Account
from tests.web.world import tell

V1 = "/api/v1"
OPERATIONS = 14


@pytest.mark.slow
def test_every_answer_is_as_described(context: WebContext, account: Account) -> None:
    """Asked by an admin; ``/session`` itself is left out, as it would end the asking."""
    tell(context, "a1")
    tell(context, "a2", kind="post", region=None)
    account("ani", "admin")
    app = create_app(context)
    entered = TestClient(app).post(f"{V1}/session", json={"name": "ani", "password": PASSWORD})
    headers = {"Authorization": f"Bearer {entered.json()['token']}"}
    schema = schemathesis.openapi.from_asgi(f"{V1}/openapi.json", app, headers=headers)
    asked = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        asked += 1
        if operation.path == "/session":
            continue

        @given(case=operation.as_strategy())
        @settings(
            max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), database=None
        )
        def answers_as_described(case: schemathesis.Case) -> None:
            # A query or a correction may well be mistaken beyond what a schema can say.
            case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])

        answers_as_described()
    assert asked == OPERATIONS
