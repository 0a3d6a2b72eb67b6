"""Why a page reads as it does: for ``pantau extract --explain``."""

from __future__ import annotations

from dataclasses import dataclass, field

from extract.page.article import FeedHint, read_or_reason
from pantau.records import Article, NoArticle, Page


@dataclass(frozen=True, slots=True)
class Cut:
    """A piece of the page that is no part of the text."""

    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """An extraction with everything that was decided on the way."""

    result: Article | NoArticle
    title: str = ""
    """Where the title was taken from."""
    published: str = ""
    """Where the date was taken from."""
    dates_lost: tuple[str, ...] = ()
    """Candidates for the date that lost, each with its reason."""
    author: str = ""
    basis: str = ""
    """``page``, ``script data``, ``JSON-LD`` or ``feed``."""
    witnesses: dict[str, float] = field(default_factory=dict)
    """Witness → agreement with the reading, 0 to 1."""
    kept: tuple[str, ...] = ()
    cut: tuple[Cut, ...] = ()

    def lines(self) -> list[str]:
        """For a person at a terminal."""
        lines = [
            f"title      {self.title}",
            f"published  {self.published}",
            *(f"           lost: {lost}" for lost in self.dates_lost),
            f"author     {self.author}",
            f"text from  {self.basis}",
            *(f"           {name} agrees {share:.0%}" for name, share in self.witnesses.items()),
        ]
        if isinstance(self.result, NoArticle):
            lines.insert(0, f"{self.result.disposition}: {self.result.reason}")
        lines += [f"+ {text}" for text in self.kept]
        lines += [f"- [{cut.why}] {cut.text[:160]}" for cut in self.cut]
        return lines


def explain_page(
    page: Page,
    *,
    source_region: str | None,
    source_zone: str | None = None,
    feed: FeedHint | None = None,
) -> Explanation:
    """What ``extract_page`` makes of a page, with what was cut and why."""
    result, reading = read_or_reason(
        page, source_region=source_region, source_zone=source_zone, feed=feed
    )
    if reading is None:
        return Explanation(result)
    cut = [
        Cut(verdict.block.text, "; ".join(verdict.reasons) or "not kept")
        for verdict in reading.verdicts
        if not verdict.kept
    ]
    trimmed = [
        Cut(verdict.block.text, "; ".join(verdict.reasons))
        for verdict in reading.verdicts
        if verdict.kept and any(reason.startswith("trimmed") for reason in verdict.reasons)
    ]
    return Explanation(
        result,
        title=reading.title.evidence,
        published=reading.dates.evidence,
        dates_lost=tuple(reading.dates.lost),
        author=reading.byline.evidence,
        basis=reading.basis,
        witnesses=dict(reading.witnesses),
        kept=tuple(reading.paragraphs),
        cut=(*cut, *trimmed),
    )
