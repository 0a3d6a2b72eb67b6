"""The API's description as a page of ours, made from its OpenAPI document: no third party."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import Response

from pantau.web.rendering import page

MOUNTED_AT = "/api/v1"


@dataclass(frozen=True, slots=True)
class Operation:
    method: str
    path: str
    summary: str
    parameters: list[tuple[str, str, str]]
    """Name, where it stands, and what it may be."""
    body: str
    answers: list[tuple[str, str]]


def router_for(api: FastAPI) -> APIRouter:
    """The page at ``/api``."""
    router = APIRouter()

    @router.get("/api")
    def reference(request: Request) -> Response:
        document = api.openapi()
        return page(
            request,
            "api.html",
            base=MOUNTED_AT,
            about=document["info"]["description"],
            operations=operations(document),
            schemas={
                name: _fields(schema) for name, schema in document["components"]["schemas"].items()
            },
        )

    return router


def operations(document: dict[str, Any]) -> list[Operation]:
    """What an OpenAPI document offers, one operation after the other."""
    return [
        Operation(
            method=method.upper(),
            path=path,
            summary=about.get("description", ""),
            parameters=[
                (one["name"], one["in"], _type(one["schema"]))
                for one in about.get("parameters", ())
            ],
            body=_content(about.get("requestBody", {})),
            answers=[(status, _content(answer)) for status, answer in about["responses"].items()],
        )
        for path, methods in document["paths"].items()
        for method, about in methods.items()
    ]


def _content(part: dict[str, Any]) -> str:
    schema = part.get("content", {}).get("application/json", {}).get("schema")
    return _type(schema) if schema else ""


def _fields(schema: dict[str, Any]) -> list[tuple[str, str]]:
    return [(name, _type(about)) for name, about in schema.get("properties", {}).items()]


def _type(schema: dict[str, Any]) -> str:
    """A schema in a few words."""
    if "$ref" in schema:
        name: str = schema["$ref"]
        return name.rpartition("/")[2]
    for either in ("anyOf", "oneOf"):
        if either in schema:
            return " | ".join(_type(one) for one in schema[either])
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if "const" in schema:
        return str(schema["const"])
    kind = str(schema.get("type", "any"))
    if kind == "array":
        return f"[{_type(schema.get('items', {}))}]"
    limits = [
        f"{sign} {schema[key]}"
        for key, sign in (("minimum", "≥"), ("maximum", "≤"), ("maxLength", "panjang ≤"))
        if key in schema
    ]
    return f"{schema.get('format', kind)}{' ' if limits else ''}{', '.join(limits)}"
