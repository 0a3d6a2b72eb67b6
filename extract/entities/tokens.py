"""Tokens of Indonesian news: the tokeniser, and the words of a document as the rules read them.

The tokeniser keeps abbreviations and degrees whole ("Pj.", "S.Sos."), parts what a lost space or a
link anchor glued together ("pengurusPartai", "JUGA:Selebgram") and never takes long over a run
without a space.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Generic, TypeVar

from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found]
from spacy.tokens import Doc
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex, registry
from spacy.vocab import Vocab

T = TypeVar("T")

DATA = Path(__file__).parent / "data"
LONGEST_RUN = 120
"""Code points without a space after which a run is cut: no word is longer, and the tokeniser's
time grows with the square of a run's length."""

EMOJI = "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0f\u200d\u20e3]+"
_OPENERS = frozenset('"“”‘-–—:|')
QUOTES = '"“”„‟«»‹›`´'
_PUNCT = r"[,;:!?()\[\]{}<>|…•*~^=_]"
_DEGREE = r"[A-Z]{1,2}[a-z]?\.(?:[A-Z][A-Za-z]{0,4}\.?)+(?:-[A-Z]+)?|[A-Z]\."
_DOMAIN = (
    r"(?:https?://|www\.)\S+|"
    r"[\w-]+(?:\.[\w-]+)*\.(?:com|co|id|net|org|info|tv|news|my|sg|me|xyz|online|link)(?:/\S*)?"
)
_TOKEN_MATCH = re.compile(rf"^(?:{_DEGREE})$").match
_URL_MATCH = re.compile(rf"^(?:{_DOMAIN})$", re.IGNORECASE).match
_LONG = re.compile(rf"\S{{{LONGEST_RUN + 1}}}")
_PIECE = re.compile(rf"\S{{1,{LONGEST_RUN}}}|\s+")


@cache
def lexicon(name: str) -> dict[str, Any]:
    """The data file ``data/<name>.toml``."""
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def lines(name: str) -> frozenset[str]:
    """The lines of ``data/<name>.txt`` that are no comment."""
    text = (DATA / f"{name}.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


class NewsTokenizer(Tokenizer):  # type: ignore[misc]
    """spaCy's tokeniser with our rules, safe against runs without a space."""

    def __call__(self, text: str) -> Doc:
        if _LONG.search(text) is None:
            doc: Doc = super().__call__(text)
            return doc
        words: list[str] = []
        spaces: list[bool] = []
        for piece in _PIECE.findall(text):
            if piece.isspace():
                attached = bool(words) and piece[0] == " "
                if attached:
                    spaces[-1] = True
                if len(piece) > attached:
                    words.append(piece[attached:])
                    spaces.append(False)
                continue
            for token in super().__call__(piece):
                words.append(token.text)
                spaces.append(False)
        return Doc(self.vocab, words=words, spaces=spaces)


def make_tokenizer(vocab: Vocab) -> NewsTokenizer:
    data = lexicon("tokens")
    kept = [*data["open"], *data["either"], *data["keep"]]
    edge = [rf"[{QUOTES}]", r"['‘’]", _PUNCT, EMOJI, r"\.\.+", r"[–—-]+", r"/"]
    prefixes = [*edge, r"Rp(?=\d)", r"\."]
    suffixes = [*edge, r"\.", r"%", r"(?<=\d)(?:rb|jt)"]
    infixes = [
        EMOJI,
        rf"(?<=[A-Za-z.)]){_PUNCT}+(?=\S)",
        rf"(?<=\d){_PUNCT}+(?=[A-Za-z(])",
        rf"[{QUOTES}]",
        r"(?<=[a-z]{3})(?=[A-Z][A-Za-z]{2})",
        r"(?<=[a-z])\.(?=[A-Z][a-z])",
        r"(?<=[A-Za-z.)])[–—]+(?=\S)",
        r"(?<=[a-z])-(?=[A-Z])",
        r"(?<=[A-Za-z]{2})/(?=[A-Za-z]{2})",
        r"\.\.+",
    ]
    return NewsTokenizer(
        vocab,
        rules={form: [{65: form}] for form in kept},  # 65 = ORTH
        prefix_search=compile_prefix_regex(prefixes).search,
        suffix_search=compile_suffix_regex(suffixes).search,
        infix_finditer=compile_infix_regex(infixes).finditer,
        token_match=_TOKEN_MATCH,
        url_match=_URL_MATCH,
    )


@registry.tokenizers("pantau.NewsTokenizer.v1")  # type: ignore[untyped-decorator]
def create_tokenizer() -> Callable[[Any], NewsTokenizer]:
    return lambda nlp: make_tokenizer(nlp.vocab)


@cache
def _offices() -> frozenset[str]:
    """Words that open an office, an organisation or a title: no place's name goes on with them."""
    forms = [form for o in lexicon("positions")["office"] for form in o["forms"]]
    forms += [form.rstrip(".") for form in lexicon("names")["honorifics"]]
    forms += [form for o in lexicon("agencies")["named"] for form in o["forms"]]
    return frozenset(form.split()[0].casefold() for form in forms)


@cache
def _speech() -> tuple[frozenset[str], frozenset[str]]:
    """Verbs of speech that stand before the speaker's name, and those that stand behind it."""
    verbs = lexicon("names")["speech"]
    behind = {verb for verb in verbs if verb.startswith(("me", "di", "ter", "ber"))} - {"menurut"}
    return frozenset(verbs) - behind, frozenset(behind)


_AFFIXED = re.compile(
    r"^(?:di[a-z]{5,}|mem[bpf][a-z]{3,}|meng[a-z]{4,}|men[dtcj][a-z]{3,}|ber[a-z]{5,}|ter[a-z]{5,}"
    r"|[a-z]{4,}(?:kan|nya))$"
)
_NOUN = re.compile(r"^(?:ke(?:tidak)?|pe(?:r|n|m|ng)?)([a-z]{4,})an$")
"""A noun made of an ordinary word: "ke-patuh-an", "ketidak-hadir-an"."""


@cache
def _ordinary() -> frozenset[str]:
    return lines("common_words") | frozenset(lexicon("tokens")["ordinary"])


def is_common(folded: str) -> bool:
    """Whether a word (as :func:`fold` gives it) is an ordinary word rather than a name's."""
    if folded in _ordinary():
        return True
    if folded in lines("name_words"):
        return False
    noun = _NOUN.match(folded)
    if noun is not None and noun[1] in _ordinary():
        return True
    return _AFFIXED.match(folded) is not None


def fold(word: str) -> str:
    """A word as lexicons compare it: without case and without an abbreviation's full stop."""
    folded = word.casefold()
    return folded[:-1] if len(folded) > 1 and folded[-1] == "." else folded


class Words:
    """The words of a document without its white space, as parallel lists.

    ``whole`` the document's text, ``text`` each word as written, ``fold`` as compared, ``start``
    and ``end`` code points, ``token`` the index in the Doc, ``sent`` the number of the sentence,
    ``first`` whether a sentence begins here, ``cap`` whether a capital opens the word, ``titled``
    whether the sentence writes nearly every word with a capital (a headline), so that a capital
    says nothing, ``tag`` the trained tagger's label or "", ``named`` its entities (first word, last
    exclusive, label), ``small`` whether the document does without capitals.
    """

    def __init__(self, doc: Doc, start: int = 0, end: int | None = None) -> None:
        """The words of the tokens ``start`` to ``end`` (exclusive) of ``doc``."""
        self.doc = doc
        self.whole: str = doc.text
        self.text: list[str] = []
        self.fold: list[str] = []
        self.start: list[int] = []
        self.end: list[int] = []
        self.token: list[int] = []
        self.sent: list[int] = []
        self.first: list[bool] = []
        self.tag: list[str] = []
        self.named: list[tuple[int, int, str]] = []
        sentence = -1
        opens = False
        for token in doc[start : len(doc) if end is None else end]:
            opens = opens or bool(token.is_sent_start) or token.i == start
            text = token.text
            if text.isspace() or not text:
                continue
            if opens:
                sentence += 1
            self.text.append(text)
            self.fold.append(fold(text))
            self.start.append(token.idx)
            self.end.append(token.idx + len(text))
            self.token.append(token.i)
            self.sent.append(sentence)
            self.first.append(opens)
            self.tag.append(token.ent_type_)
            if token.ent_type_:
                self._extend(token.ent_type_, token.ent_iob_ == "B")
            opens = False
        self.cap = [text[0].isupper() for text in self.text]
        self.titled = self._titled()
        letters = sum(1 for text in self.text if text[0].isalpha())
        self.small = letters >= 4 and sum(self.cap) < 0.04 * letters

    def __len__(self) -> int:
        return len(self.text)

    def _extend(self, label: str, begins: bool) -> None:
        """Take the last word into the tagger's entities."""
        end = len(self.text)
        if not begins and self.named and self.named[-1][1:] == (end - 1, label):
            self.named[-1] = (self.named[-1][0], end, label)
        else:
            self.named.append((end - 1, end, label))

    def _titled(self) -> list[bool]:
        counts: dict[int, list[int]] = {}
        ends: dict[int, str] = {}
        for text, sent in zip(self.text, self.sent, strict=True):
            ends[sent] = text
            if len(text) > 3 and text.isalpha():
                seen = counts.setdefault(sent, [0, 0])
                seen[0] += 1
                seen[1] += text[0].isupper()
        headline = {
            s: n >= 3 and caps > 0.8 * n and ends[s] != "." for s, (n, caps) in counts.items()
        }
        return [headline.get(sent, False) for sent in self.sent]

    @cached_property
    def names_told(self) -> frozenset[str]:
        """Words that the text itself uses as a person's name: "kata Abukari", "Abukari mengaku".

        Only words that the table of names does not know for sure need this; capitals must mean
        something where they stand.
        """
        before_name, after_name = _speech()
        told: set[str] = set()
        for i, text in enumerate(self.text):
            if not self.cap[i] or self.titled[i] or len(text) < 3 or text.isupper():
                continue
            if not text.isalpha() or is_common(self.fold[i]) or self.fold[i] in _offices():
                continue
            before = self.fold[i - 1] if i and self.joined(i - 1, i) else ""
            after = self.fold[i + 1] if i + 1 < len(self) and self.joined(i, i + 1) else ""
            name_before = i and self.joined(i - 1, i) and self.cap[i - 1]
            alone = not name_before or is_common(self.fold[i - 1]) or self.opens(i)
            spoken = before in before_name or after in after_name
            if alone and spoken and self.tag[i] not in ("ORG", "LOC"):
                told.add(text)
        return frozenset(told)

    def slice(self, start: int, end: int) -> str:
        """The document's own text of the words ``start`` to ``end`` (exclusive)."""
        return self.whole[self.start[start] : self.end[end - 1]]

    def part_of_place(self, i: int) -> bool:
        """Whether word ``i`` may go on a place's name: "Tanjung [Sengkuang]", "Bontobirang [Atas]".

        A capitalised word that is neither ordinary, nor a person's, nor thought one by the tagger.
        """
        if i >= len(self) or not self.joined(i - 1, i) or not self.text[i].isalpha():
            return False
        if not self.cap[i]:
            return False
        if self.fold[i] in lexicon("places")["further"]["words"]:
            behind = i + 1 < len(self) and self.joined(i, i + 1) and self.cap[i + 1]
            return not (self.text[i] == "I" and behind)  # "Camat Kubu Sari, I Gede"
        if self.text[i].isupper() or self.tag[i] == "PER" or is_common(self.fold[i]):
            return False
        return self.fold[i] not in lines("name_words") and self.fold[i] not in _offices()

    def opens(self, i: int) -> bool:
        """Whether word ``i`` begins a sentence, a quotation or the text after a dateline."""
        return self.first[i] or self.text[i - 1] in _OPENERS

    def joined(self, left: int, right: int) -> bool:
        """Whether both words stand in one sentence."""
        return self.sent[left] == self.sent[right]


class Phrases(Generic[T]):
    """Finds the longest known phrase at a word; the phrases are tokenised as texts are."""

    def __init__(self, entries: Iterable[tuple[str, T]], tokenise: Callable[[str], list[str]]):
        self._by_first: dict[str, list[tuple[tuple[str, ...], tuple[str, ...], T]]] = {}
        for form, value in entries:
            words = tuple(tokenise(form))
            folded = tuple(fold(word) for word in words)
            self._by_first.setdefault(folded[0], []).append((folded, words, value))
        for found in self._by_first.values():
            found.sort(key=lambda entry: -len(entry[0]))

    def at(self, words: Words, i: int, anycase: bool = False) -> tuple[int, T] | None:
        """The end (exclusive) and value of the longest phrase that begins at word ``i``.

        A word must carry a capital where the phrase does, and short acronyms must be written in
        capitals throughout, unless ``anycase``.
        """
        return next(self.every(words, i, anycase), None)

    def every(self, words: Words, i: int, anycase: bool = False) -> Iterator[tuple[int, T]]:
        """All phrases that begin at word ``i``, the longest first."""
        found = self._by_first.get(words.fold[i])
        if found is None:
            return
        for folded, written, value in found:
            end = i + len(folded)
            if end > len(words) or tuple(words.fold[i:end]) != folded:
                continue
            if len(folded) > 1 and words.sent[i] != words.sent[end - 1]:
                continue
            if anycase or all(
                _case_fits(form, text)
                for form, text in zip(written, words.text[i:end], strict=True)
            ):
                yield end, value


def _case_fits(form: str, text: str) -> bool:
    if not form[0].isupper():
        return True
    if len(form) <= 4 and form.isupper() and len(form) > 1:
        return text.isupper()
    return text[0].isupper()
