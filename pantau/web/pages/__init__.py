"""The pages, one file each. A router is named ``router`` and listed here."""

from fastapi import APIRouter

from pantau.web.pages import search

ROUTERS: tuple[APIRouter, ...] = (search.router,)
