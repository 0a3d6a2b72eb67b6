"""Which paragraphs are the article: the container, the cues, the witnesses.

1. The container is the element whose blocks weigh most: sentences count for it, link
   lists, shares and comments against it.
2. Inside it a block falls by its place (class names, captions, cards of links) or by its
   wording (``cut``), then by what stands around it (``around``); every fall has its reason.
3. Witnesses (trafilatura, newspaper4k, JSON-LD, the feed) have each read the page in their
   own way. Where they agree with the reading, it stands; where they do not, each paragraph
   is decided by who has it (``weigh``).
"""

from __future__ import annotations

import re
from collections import Counter

from lxml import html

from extract.page import around, cut
from extract.page.block import Block, ends_sentence, is_prose
from extract.page.place import Place
from extract.page.verdict import Verdict

_WORD = re.compile(r"\w+")
_LINES = frozenset(("p", "li", "tr", "td", "h1", "h2", "h3", "h4", "blockquote", "ul", "ol"))
_SLANTED_CAPTION = 130


def _weight(block: Block, after_title: bool) -> float:
    size = min(len(block.text), 1200)
    if "hidden" in block.cues:
        return 0.0
    if "cards" in block.cues:
        return -0.7 * size
    if "junk" in block.cues:
        return -0.3 * min(size, 100)
    if block.link_density > 0.5:
        return -0.5 * size
    if "caption" in block.cues or "meta" in block.cues:
        return 0.0
    if is_prose(block):
        return size * (1.0 if after_title else 0.4) * (1 - block.link_density)
    if cut.why_cut(block.text) or cut.ends_article(block.text):
        return -10.0
    # Short lines without links say nothing: a list of names in the text, or a sidebar's.
    return 0.3 * size if ends_sentence(block.text) and len(block.text) > 20 else 0.0


def container(blocks: list[Block], title_at: int | None) -> html.HtmlElement | None:
    """The element that holds the article, or None where no block reads like one."""
    sums: Counter[html.HtmlElement] = Counter()
    depth: dict[html.HtmlElement, int] = {}
    for position, block in enumerate(blocks):
        weight = _weight(block, title_at is None or position > title_at)
        for level, element in enumerate(block.path):
            sums[element] += weight  # type: ignore[assignment]
            depth[element] = level
    if not sums:
        return None
    best = max(sums, key=lambda element: (round(sums[element], 3), depth[element]))
    if sums[best] <= 0:
        return None
    while best.tag in _LINES and (above := best.getparent()) is not None and above in sums:
        best = above  # what stands beside a single paragraph may be its list
    return best


def _is_caption(block: Block) -> bool:
    """Whether a line below a picture is set or signed like a caption."""
    centred = "center" in (block.element.get("style") or "") + (block.element.get("align") or "")
    # A lead set in italics is longer than a caption; one set in bold is no sign at all.
    set_apart = (block.slanted or centred) and len(block.text) <= _SLANTED_CAPTION
    return set_apart or cut.is_credited(block.text)


def _fall(block: Block) -> str | None:
    """Why a block inside the container falls by its place or wording."""
    cues = block.cues
    for cue in ("hidden", "cards", "junk", "caption"):
        if cue in cues:
            return f"{cue}: {cues[cue]}"
    if block.after_image and len(block.text) <= 250 and _is_caption(block):
        return "caption: below a picture"
    if "meta" in cues and (len(block.text) < 120 or not is_prose(block)):
        return f"meta: {cues['meta']}"
    if why := cut.why_cut(block.text):
        return why
    if block.link_density > 0.8 and len(block.text) > 15:
        return "only a link"
    if block.link_density > 0.6 and len(block.text) < 60 and not ends_sentence(block.text):
        return "only links"
    if not _WORD.search(block.text):
        return "no words"
    return None


def read(blocks: list[Block], title_at: int | None, title: str) -> list[Verdict]:
    """Every block of the page with its fate, by place and wording alone."""
    holder = container(blocks, title_at)
    verdicts = [
        Verdict(block, block.text, False, ["outside the article"])
        if holder is None or holder not in block.path
        else _first_verdict(block)
        for block in blocks
    ]
    if holder is None:
        return verdicts
    around.unfold(verdicts, holder)
    place = Place(verdicts)
    around.cut_after_end(verdicts, holder, place)
    around.cut_next_article(verdicts, title_at)
    around.cut_captions(verdicts, place)
    around.cut_head(verdicts, title_at, place)
    around.cut_summaries(verdicts, place)
    around.cut_boxes(verdicts, place)
    around.cut_below(verdicts, place)
    around.cut_before_title(verdicts, title_at, title)
    around.join_dateline(verdicts)
    around.cut_repeats(verdicts)
    around.cut_closing_names(verdicts)
    around.cut_loose_headings(verdicts)
    return verdicts


def _first_verdict(block: Block) -> Verdict:
    if why := _fall(block):
        return Verdict(block, block.text, False, [why])
    text, taken = cut.trim(block.text)
    return Verdict(block, text, True, [f"trimmed: {why}" for why in taken])


def keep_caption(verdicts: list[Verdict], title_at: int | None) -> None:
    """On a photo, video or live page the caption near the headline tells the event: it is the
    text if it does so in at least one full sentence."""
    start = title_at or 0
    for verdict in verdicts[start + 1 : start + 25]:
        cues = verdict.block.cues
        if (
            not verdict.kept
            and not {"junk", "cards", "hidden"} & set(cues)
            and verdict.block.link_density < 0.3
            and is_prose(verdict.block)
            and ends_sentence(verdict.text)
        ):
            verdict.kept = True
            verdict.reasons.append("the page's own description")


def text_of(verdicts: list[Verdict]) -> str:
    """The kept paragraphs, parted by one empty line."""
    return "\n\n".join(verdict.text for verdict in verdicts if verdict.kept)
