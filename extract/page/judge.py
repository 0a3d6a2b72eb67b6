"""Which paragraphs are the article: the container, the cues, the witnesses.

1. The container is the element whose blocks weigh most: sentences count for it, link
   lists, shares and comments against it.
2. Inside it a block falls by its place (class names, captions, cards of links) or by its
   wording (``cut``); every fall has its reason.
3. Witnesses (trafilatura, newspaper4k, JSON-LD, the feed) have each read the page in their
   own way. Where they agree with the reading, it stands; where they do not, each paragraph
   is decided by who has it (``weigh``).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from lxml import html

from extract.page import cut, dates
from extract.page.blocks import Block, is_prose
from extract.page.cues import is_hidden

_WORD = re.compile(r"\w+")
_READING_TIME = re.compile(
    r"\d\s*(?:menit|min(?:ute)?s?)\s*(?:mem)?(?:baca|read)|\blalu\b|\bago\b|\d\s*(?:views|kali)",
    re.I,
)
_OPENING = re.compile(r"[A-Z][A-Z.]{2,}[A-Za-z.,/()\s]{0,60}\s*[-–—]{1,2}\s")
_LINES = frozenset(("p", "li", "tr", "td", "h1", "h2", "h3", "h4", "blockquote", "ul", "ol"))
_CAPTION = 160
_SLANTED_CAPTION = 130
_AFTER = "after “{}”"
_DATELINE = re.compile(r"[^\W\d_].{1,90}\s*[-–—]{1,2}")
_SENTENCE = re.compile(r"[.!?”\"’')]\s*$")


@dataclass(slots=True)
class Verdict:
    """What became of one block."""

    block: Block
    text: str
    """The paragraph as kept (ends trimmed), or as it stood if it fell."""
    kept: bool
    reasons: list[str] = field(default_factory=list)
    votes: dict[str, bool] = field(default_factory=dict)


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
    return 0.3 * size if _SENTENCE.search(block.text) and len(block.text) > 20 else 0.0


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
    if block.link_density > 0.6 and len(block.text) < 60 and not _SENTENCE.search(block.text):
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
    _unfold(verdicts, holder)
    _cut_after_end(verdicts, holder)
    _cut_next_article(verdicts, title_at)
    _cut_loose_captions(verdicts)
    _cut_before_title(verdicts, title_at, title)
    _join_dateline(verdicts)
    _cut_repeats(verdicts)
    _cut_closing_names(verdicts)
    _cut_loose_headings(verdicts)
    return verdicts


def _first_verdict(block: Block) -> Verdict:
    if why := _fall(block):
        return Verdict(block, block.text, False, [why])
    text, taken = cut.trim(block.text)
    return Verdict(block, text, True, [f"trimmed: {why}" for why in taken])


def _unfold(verdicts: list[Verdict], holder: html.HtmlElement) -> None:
    """Two or more paragraphs hidden together below visible ones are the part of an article
    that a button ("Baca selengkapnya") unfolds."""
    folded: dict[html.HtmlElement, list[Verdict]] = {}
    seen = False
    for verdict in verdicts:
        block = verdict.block
        seen = seen or (verdict.kept and is_prose(block))
        if seen and holder in block.path and set(block.cues) == {"hidden"} and is_prose(block):
            box = next((e for e in block.path if is_hidden(e)), block.element)
            folded.setdefault(box, []).append(verdict)
    for together in folded.values():
        if len(together) > 1:
            for verdict in together:
                verdict.kept = True
                verdict.reasons.append("folded away, not foreign")


def _fell(verdict: Verdict, why: str) -> None:
    verdict.kept = False
    verdict.reasons.append(why)


def _signature(element: html.HtmlElement | None) -> object:
    """What makes two boxes of one kind: a text may be parted into several of them. A box
    without a name is its own kind."""
    if element is None:
        return None
    names = element.get("class") or ""
    return (element.tag, names) if names else element


def _home(verdicts: list[Verdict]) -> html.HtmlElement | None:
    """The element that is the direct parent of most of the prose."""
    parents: Counter[html.HtmlElement] = Counter()
    for verdict in verdicts:
        if verdict.kept and is_prose(verdict.block):
            path = verdict.block.path
            own = path[-1].tag in ("p", "li", "tr", "blockquote") and len(path) > 1
            parents[path[-2] if own else path[-1]] += len(verdict.text)
    return parents.most_common(1)[0][0] if parents else None


def _cut_after_end(verdicts: list[Verdict], holder: html.HtmlElement) -> None:
    """After "Berita terkait" and the like nothing counts, unless the text goes on in the
    element where it stood before (an inline box has the same headline)."""
    home = _signature(_home(verdicts))
    ended = None
    seen_prose = False
    for position, verdict in enumerate(verdicts):
        block = verdict.block
        if holder not in block.path:
            continue
        seen_prose = seen_prose or (verdict.kept and is_prose(block))
        if not seen_prose:
            continue
        if cut.ends_article(block.text):
            ended = block.text
            if verdict.kept:
                _fell(verdict, "end of the article")
        elif ended and verdict.kept and home in map(_signature, block.path):
            before = verdicts[position - 1]
            if before.block.is_heading and before.reasons == [_AFTER.format(ended[:40])]:
                before.kept = True  # a subhead of the text that goes on
                before.reasons.clear()
            ended = None
        elif ended and verdict.kept:
            _fell(verdict, _AFTER.format(ended[:40]))


def _cut_before_title(verdicts: list[Verdict], title_at: int | None, title: str) -> None:
    """What stands above the headline, the headline itself and its kin are not text."""
    wanted = _loose(title)
    prose_seen = False
    for position, verdict in enumerate(verdicts):
        if not verdict.kept:
            continue
        if title_at is not None and position <= title_at:
            _fell(verdict, "above the headline")
        elif wanted and _loose(verdict.text) == wanted:
            _fell(verdict, "the headline")
        elif not prose_seen and _is_info_line(verdict.text):
            _fell(verdict, "date line of the page")
        elif not prose_seen and not is_prose(verdict.block) and not _leads(verdict):
            _fell(verdict, "before the first sentence")
        else:
            prose_seen = True


def _cut_next_article(verdicts: list[Verdict], title_at: int | None) -> None:
    """Sites that load the next article below this one set its headline like the first."""
    if title_at is None:
        return
    title = verdicts[title_at].block
    names = title.element.get("class") or ""
    prose_seen = False
    for position, verdict in enumerate(verdicts[title_at + 1 :], title_at + 1):
        block = verdict.block
        prose_seen = prose_seen or (verdict.kept and is_prose(block))
        alike = block.is_heading and names and block.element.get("class") == names
        if not (prose_seen and (alike or block.tag == "h1")):
            continue
        if {"cards", "junk"} & set(block.cues) or block.link_density > 0.5:
            continue  # a teaser inside the text
        if _loose(block.text) == _loose(title.text):
            continue
        for later in verdicts[position:]:
            if later.kept:
                _fell(later, f"next article “{block.text[:40]}”")
        return


def _cut_loose_captions(verdicts: list[Verdict]) -> None:
    """A short line below the lead picture that stands apart from the text is its caption."""
    home = _home(verdicts)
    if home is None:
        return
    for verdict in verdicts:
        if home in verdict.block.path:
            break
        if (
            verdict.kept
            and verdict.block.after_image
            and len(verdict.text) <= _CAPTION
            and not _OPENING.match(verdict.text)
        ):
            _fell(verdict, "caption: below a picture, apart from the text")
    first, second = ([v for v in verdicts if v.kept] + [None, None])[:2]
    if (
        first is not None
        and second is not None
        and first.block.after_image
        and len(first.text) <= 250
        and _OPENING.match(second.text)
        and not _OPENING.match(first.text)
    ):
        _fell(first, "caption: below a picture, before the dateline")


def _join_dateline(verdicts: list[Verdict]) -> None:
    """A dateline set before the first paragraph's own element ("Kota Baru -") opens it."""
    for position, verdict in enumerate(verdicts):
        if not verdict.kept:
            continue
        before = verdicts[position - 1] if position else None
        if (
            before is not None
            and before.reasons == ["before the first sentence"]
            and _DATELINE.fullmatch(before.text)
            and before.block.path[-1] in verdict.block.path
        ):
            verdict.text = f"{before.text} {verdict.text}"
            before.reasons.append("joined to the paragraph after it")
        return


def _cut_closing_names(verdicts: list[Verdict]) -> None:
    """One or two lines without a sentence below the text: names of reporters, marks, stars.
    Three or more are a list of the text's own."""
    kept = [verdict for verdict in verdicts if verdict.kept]
    closing: list[Verdict] = []
    for verdict in reversed(kept):
        if (
            verdict.block.tag not in ("p", "div")
            or len(verdict.text) > 70
            or _SENTENCE.search(verdict.text)
            or verdict.text.endswith((":", "?", "!"))
        ):
            break
        closing.append(verdict)
    if len(closing) <= 2 < len(kept):
        for verdict in closing:
            _fell(verdict, "closing line without a sentence")


def _is_info_line(text: str) -> bool:
    """Whether a line above the text is byline, date and number of views."""
    if len(text) > 140 or text.endswith("."):
        return False
    if _READING_TIME.search(text):
        return True
    return any(stamp.timed or stamp.start < 30 for stamp in dates.find(text))


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
            and _SENTENCE.search(verdict.text)
        ):
            verdict.kept = True
            verdict.reasons.append("the page's own description")


def _leads(verdict: Verdict) -> bool:
    """A short first paragraph is text if it is a sentence of its own."""
    block = verdict.block
    return (
        block.tag in ("p", "div", "li", "td")
        and len(block.text) >= 25
        and block.text.count(" ") >= 3
        and bool(_SENTENCE.search(block.text))
        and block.link_density < 0.3
    )


def _loose(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


def _cut_repeats(verdicts: list[Verdict]) -> None:
    """A long paragraph that comes again is a summary box or a slip."""
    seen: set[str] = set()
    for verdict in verdicts:
        if not verdict.kept or len(verdict.text) < 40:
            continue
        key = _loose(verdict.text)
        if key in seen:
            _fell(verdict, "repeated")
        seen.add(key)


def _cut_loose_headings(verdicts: list[Verdict]) -> None:
    """A heading with no text after it heads nothing of ours."""
    later = False
    for verdict in reversed(verdicts):
        if not verdict.kept:
            continue
        if verdict.block.is_heading and not later:
            _fell(verdict, "heading without text")
        else:
            later = True


def text_of(verdicts: list[Verdict]) -> str:
    """The kept paragraphs, parted by one empty line."""
    return "\n\n".join(verdict.text for verdict in verdicts if verdict.kept)
