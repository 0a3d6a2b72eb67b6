"""The article's pictures: the lead picture and those in the text, as absolute addresses."""

from __future__ import annotations

from lxml import html

from extract.page.blocks import Block
from extract.page.view import View

_MOST = 20
_SOURCES = ("data-src", "data-original", "data-lazy-src", "data-lazy", "src")
_LEAD = ("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src")


def pictures(view: View, kept: list[Block]) -> tuple[str, ...]:
    """The lead picture first, then the pictures that stand between the kept blocks."""
    found: list[str] = []

    def add(address: str | None) -> None:
        absolute = view.absolute(address) if address and not address.startswith("data:") else None
        if absolute and absolute not in found:
            found.append(absolute)

    add(view.first_meta(*_LEAD))
    for image in _in_text(kept):
        add(next((v for name in _SOURCES if (v := (image.get(name) or "").strip())), None))
    return tuple(found[:_MOST])


def _in_text(kept: list[Block]) -> list[html.HtmlElement]:
    """Pictures in the element that directly holds the paragraphs, no deeper than a figure in
    a box, so that the pictures of related articles stay out."""
    holders: dict[html.HtmlElement, None] = {}
    for block in kept:
        holder = block.path[-2] if block.path[-1].tag == "p" and len(block.path) > 1 else None
        holders.setdefault(block.path[-1] if holder is None else holder)
    images: list[html.HtmlElement] = []
    for holder in holders:
        for image in holder.iter("img", "amp-img"):
            steps, element = 0, image
            while element is not holder and steps <= 3:
                element = element.getparent()
                steps += 1
            if steps <= 3 and image not in images:
                images.append(image)
    return images
