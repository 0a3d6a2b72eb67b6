"""What falls because of what stands around it: after the end of the article, above its
headline, below a picture, in a box of its own.

``judge.read`` calls these one after the other on the verdicts that place and wording gave;
each looks at the page as the ones before have left it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import html

from extract.page import cut, dates
from extract.page.block import ends_sentence, is_prose
from extract.page.cues import is_hidden
from extract.page.names import only_credits
from extract.page.place import Place, signature
from extract.page.verdict import Verdict

_WORD = re.compile(r"\w+")
_READING_TIME = re.compile(
    r"\d\s*(?:menit|min(?:ute)?s?)\s*(?:mem)?(?:baca|read)|\blalu\b|\bago\b|\d\s*(?:views|kali)",
    re.I,
)
_OPENING = re.compile(r"[A-Z][A-Z.]{2,}[A-Za-z.,/()\s]{0,60}\s*[-–—]{1,2}\s")
_BOXES = frozenset(("div", "section", "aside", "center", "article", "table"))
_ONLY_LINKS = frozenset(("only a link", "only links"))
_HEAD = re.compile(r"(?<![a-z])(?:header|heading|head)(?![a-z])", re.I)
_CAPTION = 160
_STANDFIRST = 200
_SHORT, _LONG, _QUOTED, _PARAGRAPHS = 25, 40, 100, 200
_BELOW = 350
_ENOUGH = 3
"""Paragraphs that a text has in its home before what stands elsewhere is foreign to it."""
_AFTER = "after “{}”"
_DATELINE = re.compile(r"[^\W\d_].{1,90}\s*[-–—]{1,2}")


def loose(text: str) -> str:
    """The words of a text, for comparing."""
    return " ".join(_WORD.findall(text.casefold()))


def unfold(verdicts: list[Verdict], holder: html.HtmlElement) -> None:
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


def cut_after_end(verdicts: list[Verdict], holder: html.HtmlElement, place: Place) -> None:
    """After "Berita terkait" and the like nothing counts, unless the text goes on in the
    element where it stood before (an inline box has the same headline)."""
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
                verdict.fall("end of the article")
        elif ended and verdict.kept and place.at_home(block) and _goes_on(verdict):
            before = verdicts[position - 1]
            if before.block.is_heading and before.reasons == [_AFTER.format(ended[:40])]:
                before.kept = True  # a subhead of the text that goes on
                before.reasons.clear()
            ended = None
        elif ended and verdict.kept:
            verdict.fall(_AFTER.format(ended[:40]))


def _goes_on(verdict: Verdict) -> bool:
    """Whether a paragraph is one in which a text goes on, and no headline with its date."""
    block = verdict.block
    return is_prose(block) or (not block.links and ends_sentence(verdict.text))


def cut_before_title(verdicts: list[Verdict], title_at: int | None, title: str) -> None:
    """What stands above the headline, the headline itself and its kin are not text."""
    wanted = loose(title)
    prose_seen = False
    for position, verdict in enumerate(verdicts):
        if not verdict.kept:
            continue
        if title_at is not None and position <= title_at:
            verdict.fall("above the headline")
        elif wanted and loose(verdict.text) == wanted:
            verdict.fall("the headline")
        elif not prose_seen and _is_info_line(verdict.text):
            verdict.fall("date line of the page")
        elif not prose_seen and only_credits(verdict.text):
            verdict.fall("byline")
        elif not prose_seen and not is_prose(verdict.block) and not _leads(verdict):
            verdict.fall("before the first sentence")
        else:
            prose_seen = True


def cut_head(verdicts: list[Verdict], title_at: int | None, place: Place) -> None:
    """A standfirst in the same head as the headline, apart from the text."""
    if title_at is None or place.home is None:
        return
    around_text = set(next(v.block.path for v in verdicts if place.home in v.block.path))
    heads = {e: _is_head(e) for e in verdicts[title_at].block.path if e not in around_text}
    for verdict in verdicts[title_at + 1 :]:
        if place.home in verdict.block.path:
            return
        named = [heads[e] for e in verdict.block.path if e in heads]
        if verdict.kept and named and (any(named) or len(verdict.text) <= _STANDFIRST):
            verdict.fall("standfirst in the article's head")


def _is_head(element: html.HtmlElement) -> bool:
    return element.tag == "header" or bool(_HEAD.search(element.get("class") or ""))


def cut_below(verdicts: list[Verdict], place: Place) -> None:
    """One or two short paragraphs below the text and apart from it: about the author, the
    paper, the way to subscribe."""
    kept = [verdict for verdict in verdicts if verdict.kept]
    inside = [place.of_home_make(verdict.block) for verdict in kept]
    if sum(inside) < _ENOUGH or not any(inside):
        return
    last = len(inside) - 1 - inside[::-1].index(True)
    below = kept[last + 1 :]
    sentences = sum(is_prose(verdict.block) for verdict in below)
    if sentences <= 2 and sum(len(verdict.text) for verdict in below) <= _BELOW:
        for verdict in below:
            verdict.fall("below the text and apart from it")


def cut_next_article(verdicts: list[Verdict], title_at: int | None) -> None:
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
        if loose(block.text) == loose(title.text):
            continue
        for later in verdicts[position:]:
            if later.kept:
                later.fall(f"next article “{block.text[:40]}”")
        return


def cut_captions(verdicts: list[Verdict], place: Place) -> None:
    """A short line below the lead picture that stands apart from the text is its caption, and
    so is the only line in a box with a picture."""
    if place.home is None:
        return
    ahead = True
    for verdict in verdicts:
        block = verdict.block
        ahead = ahead and place.home not in block.path
        if not verdict.kept or len(verdict.text) > _CAPTION or _OPENING.match(verdict.text):
            continue
        if ahead and block.after_image:
            verdict.fall("caption: below a picture, apart from the text")
        elif not block.is_heading and place.picture_box(block) is not None:
            verdict.fall("caption: in a box with a picture")
    first, second = ([v for v in verdicts if v.kept] + [None, None])[:2]
    if (
        first is not None
        and second is not None
        and first.block.after_image
        and len(first.text) <= 250
        and _OPENING.match(second.text)
        and not _OPENING.match(first.text)
    ):
        first.fall("caption: below a picture, before the dateline")


def cut_summaries(verdicts: list[Verdict], place: Place) -> None:
    """A box that opens with "Ringkasan" or the like says the text once more in short."""
    boxes = {
        box
        for verdict in verdicts
        if verdict.kept and cut.opens_summary(verdict.text)
        if (box := place.box(verdict.block)) is not None and box is not verdict.block.element
    }
    for verdict in verdicts:
        if verdict.kept and boxes.intersection(verdict.block.path):
            verdict.fall("a summary of the text")


def cut_boxes(verdicts: list[Verdict], place: Place) -> None:
    """A box among the paragraphs, of another make than theirs, that holds no sentence: a
    teaser, a player's title, a poll, the heading of a list of links."""
    together: dict[html.HtmlElement, list[Verdict]] = {}
    of_prose: set[object] = set()
    of_links: set[html.HtmlElement] = set()
    for verdict in verdicts:
        box = place.box(verdict.block)
        if box is None or box.tag not in _BOXES:
            continue
        if not verdict.kept:
            if "cards" in verdict.block.cues or _ONLY_LINKS.intersection(verdict.reasons):
                of_links.add(box)
            continue
        together.setdefault(box, []).append(verdict)
        if is_prose(verdict.block) or ends_sentence(verdict.text):
            of_prose.add(signature(box))
    for box, inside in together.items():
        listed = any(v.block.tag in ("li", "tr", "td", "th", "pre") for v in inside)
        headings = all(v.block.is_heading for v in inside)
        if signature(box) not in of_prose and (box in of_links or not (listed or headings)):
            for verdict in inside:
                verdict.fall("a box without a sentence")


def join_dateline(verdicts: list[Verdict]) -> None:
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


def cut_closing_names(verdicts: list[Verdict]) -> None:
    """One or two lines without a sentence below the text: names of reporters, marks, stars.
    Three or more are a list of the text's own."""
    kept = [verdict for verdict in verdicts if verdict.kept]
    closing: list[Verdict] = []
    for verdict in reversed(kept):
        if (
            verdict.block.tag not in ("p", "div")
            or len(verdict.text) > 70
            or ends_sentence(verdict.text)
            or verdict.text.endswith((":", "?", "!"))
        ):
            break
        closing.append(verdict)
    if len(closing) <= 2 < len(kept):
        for verdict in closing:
            verdict.fall("closing line without a sentence")


def cut_closing_bio(verdicts: list[Verdict], names: Iterable[str]) -> None:
    """The last paragraph, where it tells who the author is."""
    kept = [verdict for verdict in verdicts if verdict.kept]
    for verdict in kept[:2:-1][:2]:
        if len(verdict.text) <= 350 and cut.is_bio(verdict.text, names):
            verdict.fall("about the author")


def _is_info_line(text: str) -> bool:
    """Whether a line above the text is byline, date and number of views."""
    if len(text) > 140 or text.endswith("."):
        return False
    if _READING_TIME.search(text):
        return True
    return any(
        stamp.timed or stamp.start < 30 or stamp.end >= len(text) - 3 for stamp in dates.find(text)
    )


def _leads(verdict: Verdict) -> bool:
    """A short first paragraph is text if it is a sentence of its own."""
    block = verdict.block
    return (
        block.tag in ("p", "div", "li", "td")
        and len(block.text) >= 25
        and block.text.count(" ") >= 3
        and ends_sentence(block.text)
        and block.link_density < 0.3
    )


def cut_repeats(verdicts: list[Verdict]) -> None:
    """A long paragraph that comes again is a summary box or a slip; a short one whose words
    stand in another is a quotation set large."""
    seen: set[str] = set()
    told = [v for v in verdicts if v.kept and not v.block.is_heading and len(v.text) >= _LONG]
    whole = [loose(verdict.text) for verdict in told[:_PARAGRAPHS]]
    for verdict in verdicts:
        if not verdict.kept or len(verdict.text) < _SHORT:
            continue
        key = loose(verdict.text)
        said = not verdict.block.is_heading and key.count(" ") >= 4
        quoted = said and any(key != other and key in other for other in whole)
        if (key in seen and len(key) >= _LONG) or (quoted and len(key) < _QUOTED):
            verdict.fall("repeated")
        seen.add(key)


def cut_loose_headings(verdicts: list[Verdict]) -> None:
    """A heading with no text after it heads nothing of ours."""
    later = False
    for verdict in reversed(verdicts):
        if not verdict.kept:
            continue
        if verdict.block.is_heading and not later:
            verdict.fall("heading without text")
        else:
            later = True
