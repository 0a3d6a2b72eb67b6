"""What a person corrected holds for every later judgement, as long as the words stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pantau.records import NO_NAME, Actor, Article, Entity, Judgement, Mention
from pantau.state import State, articles, corrections
from pantau.state.accounts import Who
from pantau.state.corrections import (
    Correction,
    CorrectionError,
    EntityCorrection,
    FormCorrection,
    RegionCorrection,
)
from pantau.state.tables import ArticleRow, MentionRow

NOW = datetime(2024, 10, 16, 2, 0, tzinfo=UTC)
ANI = Who("ani")
SENTENCE = "Camat Sumini berpose dua jari bersama calon bupati."
OTHER = "Warga menyaksikan acara itu."
ARTICLE = Article(
    id="a1",
    title="Camat berpose dua jari",
    text=f"{SENTENCE}\n\n{OTHER} Sumini belum menjawab.",
    url="https://a.example/1",
    source_id="a",
    page_sha256="0" * 64,
)


def span(words: str, text: str = ARTICLE.full_text) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)


def judged(text: str = ARTICLE.full_text) -> Judgement:
    start, end = span(SENTENCE, text)
    first, last = span("Sumini", text)
    return Judgement(
        id="a1",
        decision="likely_violation",
        score=0.9,
        mentions=(
            Mention(
                sentence=SENTENCE,
                start=start,
                end=end,
                subject="asn",
                actor=Actor(name="Sumini", position="Camat"),
                act="berfoto bersama calon",
                skb_forms=(5,),
                region_code="33.15",
                score=0.9,
            ),
        ),
        entities=(
            Entity(
                start=first,
                end=last,
                text="Sumini",
                label="PER",
                roles=("asn",),
                norm="Sumini",
            ),
        ),
        region_codes=("33.15",),
    )


NOTHING = Judgement(id="a1", decision="none", score=0.1)


@pytest.fixture
def held(state: State) -> State:
    with state.write() as session:
        articles.store(session, ARTICLE, judged(), NOW)
    return state


def correct(state: State, correction: Correction) -> Judgement:
    with state.write() as session:
        return corrections.add(session, "a1", correction, ANI, NOW, "keliru")


def again(
    state: State, judgement: Judgement | None = None, article: Article = ARTICLE
) -> Judgement:
    with state.read() as session:
        return corrections.apply(session, article, judgement or judged(article.full_text))


def test_another_form_stays_when_it_is_judged_again(held: State) -> None:
    mended = correct(held, FormCorrection(sentence=SENTENCE, forms=(1, 6)))
    assert mended.mentions[0].skb_forms == (1, 6)
    assert again(held).mentions[0].skb_forms == (1, 6)


def test_an_act_named_by_a_person_is_put_back_where_the_machine_misses_it(held: State) -> None:
    correct(held, FormCorrection(sentence=SENTENCE, forms=(6,)))
    back = again(held, NOTHING)
    assert back.decision == "likely_violation"
    assert [(m.sentence, m.skb_forms) for m in back.mentions] == [(SENTENCE, (6,))]


def test_an_act_that_is_none_stays_none(held: State) -> None:
    mended = correct(held, FormCorrection(sentence=SENTENCE, forms=()))
    assert (mended.decision, mended.mentions) == ("none", ())
    assert again(held) == mended
    with held.read() as session:
        assert articles.mentions_of(session, "a1") == []


def test_the_last_word_holds(held: State) -> None:
    correct(held, FormCorrection(sentence=SENTENCE, forms=(6,)))
    correct(held, FormCorrection(sentence=SENTENCE, forms=(3,)))
    assert again(held).mentions[0].skb_forms == (3,)


def test_a_correction_finds_its_sentence_in_an_edited_article(held: State) -> None:
    correct(held, FormCorrection(sentence=SENTENCE, forms=(6,)))
    edited = replace(ARTICLE, text=f"Redaksi memperbaiki judul.\n\n{ARTICLE.text}")
    back = again(held, article=edited)
    (mention,) = back.mentions
    assert edited.full_text[mention.start : mention.end] == SENTENCE
    assert mention.skb_forms == (6,)


def test_a_sentence_that_is_gone_takes_its_correction_along(held: State) -> None:
    correct(held, FormCorrection(sentence=SENTENCE, forms=(6,)))
    edited = replace(ARTICLE, text=OTHER)
    assert again(held, NOTHING, edited) == NOTHING


def test_an_entity_is_mended_wherever_it_stands(held: State) -> None:
    mended = correct(
        held,
        EntityCorrection(
            text="Sumini", label="PER", roles=("village_official",), norm="Sumini binti Karto"
        ),
    )
    places = [(entity.start, entity.norm) for entity in mended.entities]
    first = ARTICLE.full_text.index("Sumini")
    second = ARTICLE.full_text.index("Sumini", first + 1)
    assert places == [(first, "Sumini binti Karto"), (second, "Sumini binti Karto")]
    (mention,) = mended.mentions
    assert (mention.actor.name, mention.subject) == ("Sumini binti Karto", "village_official")
    assert mended.decision == "none"
    assert again(held) == mended


def test_what_is_no_person_names_no_actor(held: State) -> None:
    mended = correct(held, EntityCorrection(text="Sumini", label=None))
    assert mended.entities == ()
    assert mended.mentions[0].actor.name == NO_NAME


def test_a_candidate_breaks_no_neutrality(held: State) -> None:
    mended = correct(held, EntityCorrection(text="Sumini", label="PER", roles=("candidate",)))
    assert (mended.decision, mended.mentions) == ("none", ())


def test_a_place_is_mended_for_one_act_or_for_all(held: State) -> None:
    one = correct(held, RegionCorrection(code="33.74", sentence=SENTENCE))
    assert (one.mentions[0].region_code, one.region_codes) == ("33.74", ("33.15",))
    every = correct(held, RegionCorrection(code="33.22"))
    assert (every.mentions[0].region_code, every.region_codes) == ("33.22", ("33.22",))
    assert again(held).region_codes == ("33.22",)


def test_what_the_article_does_not_say_cannot_be_corrected(held: State) -> None:
    for correction in (
        EntityCorrection(text="Sumin", label="PER"),
        FormCorrection(sentence="Tidak ada.", forms=(1,)),
        FormCorrection(sentence=OTHER, forms=(1,)),
    ):
        with pytest.raises(CorrectionError):
            correct(held, correction)
    with held.read() as session:
        assert corrections.of(session, "a1") == []


def test_index_and_desk_take_a_correction_up_and_the_older_judgement_stays(held: State) -> None:
    with held.write() as session:
        articles.indexed(session, {"a1": 1})
        for row in session.query(MentionRow):
            row.clustered = True
    correct(held, FormCorrection(sentence=SENTENCE, forms=(6,)))
    with held.read() as session:
        assert articles.backlog(session) == 1
        rows = session.query(MentionRow).order_by(MentionRow.revision).all()
        assert [(row.revision, row.clustered, row.record["skb_forms"]) for row in rows] == [
            (1, True, [5]),
            (2, False, [6]),
        ]
        assert session.get_one(ArticleRow, "a1").text == ARTICLE.text


def test_a_correction_says_who_and_why(held: State) -> None:
    correct(held, RegionCorrection(code="33.74"))
    with held.read() as session:
        (made,) = corrections.of(session, "a1")
    assert (made.by, made.note, made.at) == ("ani", "keliru", NOW)
    assert made.correction == RegionCorrection(code="33.74")


def test_a_withdrawn_correction_leaves_what_the_machine_says(held: State) -> None:
    correct(held, RegionCorrection(code="33.74"))
    correct(held, EntityCorrection(text="Sumini", label="PER", roles=("candidate",)))
    with held.read() as session:
        region, entity = corrections.of(session, "a1")
        assert articles.mentions_of(session, "a1") == []

    def withdraw(number: int) -> Judgement:
        with held.write() as session:
            return corrections.withdraw(session, "a1", number, Who("budi"), NOW)

    without = withdraw(entity.id)
    assert (without.decision, without.region_codes) == ("likely_violation", ("33.74",))
    assert [mention.actor.name for mention in without.mentions] == ["Sumini"]
    assert withdraw(region.id) == again(held) == judged()
    with held.read() as session:
        assert corrections.of(session, "a1") == []
        assert [one.withdrawn_by for one in corrections.ever(session, "a1")] == ["budi", "budi"]
        row = session.get_one(ArticleRow, "a1")
        assert articles.judgement_of(session, row) == judged()
    for number in (region.id, 999):
        with pytest.raises(CorrectionError):
            withdraw(number)


def test_what_the_machine_says_later_is_what_a_withdrawal_leaves(held: State) -> None:
    correct(held, FormCorrection(sentence=SENTENCE, forms=(6,)))
    with held.write() as session:
        row = session.get_one(ArticleRow, "a1")
        articles.judged_again(session, row, corrections.apply(session, ARTICLE, NOTHING))
        assert articles.mentions_of(session, "a1")[0].skb_forms == (6,)
        (made,) = corrections.of(session, "a1")
        corrections.withdraw(session, "a1", made.id, ANI, NOW)
        assert articles.judgement_of(session, row) == NOTHING
