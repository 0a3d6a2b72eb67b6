"""The pages, one file each. A router is named ``router`` and listed here."""

from fastapi import APIRouter

from pantau.web.pages import (
    agencies,
    answers,
    archive,
    articles,
    cases,
    giving,
    objections,
    overview,
    people,
    saved,
    search,
    sources,
    subscriptions,
)

ROUTERS: tuple[APIRouter, ...] = (
    search.router,
    saved.router,
    cases.router,
    people.router,
    agencies.router,
    overview.router,
    articles.router,
    archive.router,
    giving.router,
    sources.router,
    subscriptions.router,
    answers.router,
    objections.router,
)
