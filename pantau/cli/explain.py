"""Explains a judgement to a person, in Indonesian."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from pantau.records import NO_NAME, Article, Judgement, Mention

_DECISIONS = {
    "likely_violation": ("dugaan pelanggaran", "bold red"),
    "none": ("tidak ada dugaan pelanggaran", "bold green"),
}
_SUBJECTS = {
    "asn": "ASN",
    "village_official": "perangkat desa (bukan ASN)",
    "security": "TNI/Polri (bukan ASN)",
    "elected_official": "pejabat terpilih (bukan ASN)",
    "contract_staff": "pegawai kontrak/honorer (bukan ASN)",
}
_STAGES = {
    "alleged": "diduga",
    "reported": "dilaporkan",
    "under_examination": "diperiksa",
    "proven": "dinyatakan terbukti",
    "dismissed": "dihentikan",
}


def explain(
    console: Console, article: Article, judgement: Judgement, numbers: list[int] | None
) -> None:
    words, style = _DECISIONS[judgement.decision]
    line = Text.assemble((article.id, "bold"), ": ", (words, style))
    line.append(f"  (skor {judgement.score:.2f})", "dim")
    console.print(line)
    if article.title:
        _say(console, "judul", article.title)
    for place, mention in enumerate(judgement.mentions):
        number = numbers[place] if numbers is not None else None
        _explain_mention(console, article, mention, number)
    for reason in judgement.reasons:
        _say(
            console, "+" if reason.effect == "for" else "-", _cue(article, reason.cue, reason.span)
        )
    console.print()


def _explain_mention(
    console: Console, article: Article, mention: Mention, number: int | None
) -> None:
    _say(console, "kutipan", f"“{mention.sentence}”")
    actor = mention.actor
    who = ", ".join(part for part in (actor.name, actor.position, actor.agency) if part)
    _say(console, "pelaku", f"{who or NO_NAME} [{_SUBJECTS[mention.subject]}]")
    forms = ", ".join(str(form) for form in mention.skb_forms) or "-"
    _say(console, "perbuatan", f"{mention.act} (bentuk {forms})")
    if mention.beneficiary:
        _say(console, "untuk", mention.beneficiary)
    by = f" oleh {mention.stage_by}" if mention.stage_by else ""
    _say(console, "tahap", _STAGES[mention.stage] + by)
    told = mention.act_date.isoformat() if mention.act_date else "tidak disebut"
    _say(console, "tanggal", told)
    if mention.phase:
        by = "" if mention.act_date else " (menurut tanggal terbit)"
        _say(console, "tahapan", mention.phase + by)
    if mention.region_code:
        _say(console, "wilayah", mention.region_code)
    if mention.answer:
        _say(console, "tanggapan", f"“{mention.answer}”")
    if number is not None:
        _say(console, "kasus", str(number))
    for reason in mention.reasons:
        _say(
            console,
            "  +" if reason.effect == "for" else "  -",
            _cue(article, reason.cue, reason.span),
        )


def _cue(article: Article, cue: str, span: tuple[int, int] | None) -> str:
    return f"{cue}: “{article.full_text[slice(*span)]}”" if span else cue


def _say(console: Console, label: str, text: str) -> None:
    console.print(Text.assemble(f"  {label:<10} ", " ".join(text.split())), soft_wrap=True)
