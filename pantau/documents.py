"""An article with its judgement, as the index wants it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from extract.entities.regions import table
from pantau.records import NO_NAME, Entity, Mention
from pantau.state.articles import entities_of
from pantau.state.tables import ArticleRow
from search import Document
from search.query import NOWHERE

RegionName = Callable[[str], str]


def to_document(
    row: ArticleRow, mentions: Sequence[Mention], source_name: str, region_name: RegionName
) -> Document:
    """The words and labels by which an article is found."""
    entities = entities_of(row)
    codes = _unique(
        [
            *row.judgement.get("region_codes", []),
            *(mention.region_code for mention in mentions if mention.region_code),
        ]
    )
    return Document(
        id=row.id,
        url=row.url,
        title=row.title,
        text=row.text,
        kind="post" if row.kind == "post" else "news",
        platform=row.platform,
        official=row.official,
        source_id=row.source_id,
        source_name=source_name,
        published=row.published,
        first_seen=row.first_seen,
        decision=row.decision,
        score=row.score,
        region_codes=codes,
        region_names=_unique(region_name(code) for code in codes),
        agencies=_unique(
            [
                *(entity.agency for entity in entities if entity.agency),
                *_named(entities, "ORG", role="agency"),
                *(mention.actor.agency for mention in mentions if mention.actor.agency),
            ]
        ),
        positions=_unique(
            [
                *(entity.text for entity in entities if entity.label == "POSITION"),
                *(mention.actor.position for mention in mentions if mention.actor.position),
            ]
        ),
        names=_unique(
            [
                *_named(entities, "PER"),
                *(mention.actor.name for mention in mentions if mention.actor.name != NO_NAME),
            ]
        ),
        roles=_unique(role for entity in entities for role in entity.roles),
        candidates=_unique(
            [
                *_named(entities, "PER", role="candidate"),
                *(mention.beneficiary for mention in mentions if mention.beneficiary),
            ]
        ),
        parties=_unique(_named(entities, "ORG", role="party")),
        forms=tuple(sorted({form for mention in mentions for form in mention.skb_forms})),
        stages=_unique(mention.stage for mention in mentions),
        copy_of=row.copy_of or "",
    )


def region_name(code: str) -> str:
    """The official name of a region, such as ``Kabupaten Garut``; the code where none is known."""
    if code == NOWHERE:
        return "tempat belum disebut"
    region = table().get(code)
    return region.full if region else code


def _named(entities: Iterable[Entity], label: str, role: str | None = None) -> list[str]:
    return [
        name
        for entity in entities
        if entity.label == label and (role is None or role in entity.roles)
        for name in (entity.norm or entity.text, entity.text)
    ]


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
