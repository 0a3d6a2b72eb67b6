"""``pantau check``: the interface other programs build on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pantau.cli import load_commands

app = load_commands()

MENTION_KEYS = {
    "sentence", "subject", "actor", "act", "act_date", "skb_forms", "beneficiary", "region_code",
    "stage", "stage_by", "denied", "answer", "phase", "score", "reasons",
}  # fmt: skip
ACT = {
    "id": "satu",
    "title": "Camat Wanakerta Dilaporkan ke Bawaslu",
    "text": "GARUT – Camat Wanakerta, Rahmat Sujana, dilaporkan ke Bawaslu Garut karena membagikan "
    "beras sambil mengajak warga memilih pasangan calon nomor urut 2, Minggu (13/10/2024). 😀\n\n"
    "Rahmat membantah tuduhan itu.",
    "published": "2024-10-14T09:00:00+07:00",
    "label": "ignored",
}
APPEAL = {
    "id": 2,
    "title": "ASN Diimbau Netral",
    "text": "Sekda mengimbau seluruh ASN agar tidak memihak calon mana pun.",
}


def check(*arguments: str, text: str = "", code: int = 0) -> str:
    result = CliRunner().invoke(app, ["check", *arguments], input=text)
    assert result.exit_code == code, result.output
    return result.stdout


def judged(rows: list[dict[str, Any]], *options: str) -> list[dict[str, Any]]:
    text = "\n".join(json.dumps(row) for row in rows)
    return [
        json.loads(line)
        for line in check("-", "--jsonl", "--json", *options, text=text).splitlines()
    ]


def test_one_line_for_each_input_in_the_order_given() -> None:
    act, appeal = judged([ACT, APPEAL])
    assert (act["id"], act["decision"]) == ("satu", "likely_violation")
    assert (appeal["id"], appeal["decision"]) == ("2", "none")
    assert 0 <= appeal["score"] < act["score"] <= 1


def test_a_mention_carries_what_the_interface_promises() -> None:
    (act,) = judged([ACT])
    mention = act["mentions"][0]
    assert set(mention) == MENTION_KEYS
    assert mention["subject"] == "asn"
    assert mention["actor"]["name"] == "Rahmat Sujana"
    assert mention["actor"]["position"] == "Camat Wanakerta"
    assert mention["act_date"] == "2024-10-13"
    assert mention["stage"] == "reported"
    assert mention["denied"] is True
    assert mention["sentence"] in ACT["title"] + "\n" + ACT["text"]


def test_offsets_count_code_points_of_title_newline_text() -> None:
    (act,) = judged([ACT | {"title": ""}])
    full = "\n" + ACT["text"]
    assert act["entities"]
    for entity in act["entities"]:
        assert full[entity["start"] : entity["end"]] == entity["text"]
    for mention in act["mentions"]:
        for reason in mention["reasons"]:
            if reason["span"]:
                assert 0 <= reason["span"][0] < reason["span"][1] <= len(full)


def test_output_is_ascii() -> None:
    out = check("-", "--jsonl", "--json", text=json.dumps(ACT))
    assert out.isascii()
    assert out.count("\n") == 1


def test_cases_number_the_mentions_of_one_event() -> None:
    follow_up = {
        **ACT,
        "id": "dua",
        "title": "Bawaslu Garut Panggil Camat Wanakerta",
        "text": "Bawaslu Garut memanggil Camat Wanakerta, Rahmat Sujana, terkait pembagian beras "
        "sambil mengajak warga memilih pasangan calon nomor urut 2, Rabu (16/10/2024).",
        "published": "2024-10-16T09:00:00+07:00",
    }
    later, first = judged([follow_up, ACT], "--cases")
    assert (later["id"], first["id"]) == ("dua", "satu")
    assert later["mentions"][0]["case"] == first["mentions"][0]["case"]


def test_a_bad_line_is_told_and_the_others_are_judged() -> None:
    text = "\n".join(
        [json.dumps(ACT), "{bukan json", '{"id": "x", "kind": "opera"}', json.dumps(APPEAL)]
    )
    result = CliRunner().invoke(app, ["check", "-", "--jsonl", "--json"], input=text)
    assert result.exit_code == 2
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["satu", "2"]
    assert "-:2: this is not JSON" in result.stderr
    assert "-:3: kind:" in result.stderr


def test_plain_text_has_its_path_as_id_and_its_first_line_as_title(tmp_path: Path) -> None:
    file = tmp_path / "artikel.txt"
    file.write_text(f"{ACT['title']}\n{ACT['text']}", encoding="utf-8")
    told = json.loads(check(str(file), "--json"))
    assert told["id"] == str(file)
    assert told["decision"] == "likely_violation"


def test_html_is_read_as_a_page(tmp_path: Path) -> None:
    paragraphs = "".join(f"<p>{part}</p>" for part in ACT["text"].split("\n\n") * 2)
    file = tmp_path / "artikel.html"
    file.write_text(
        f"<html><head><title>{ACT['title']}</title></head><body><article><h1>{ACT['title']}</h1>"
        f"{paragraphs}</article></body></html>"
    )
    assert json.loads(check(str(file), "--json"))["decision"] == "likely_violation"


def test_an_explanation_for_a_person_is_indonesian_and_gives_reasons() -> None:
    out = check("-", "--jsonl", text=json.dumps(ACT))
    assert "dugaan pelanggaran" in out
    assert "pelaku" in out
    assert "+" in out


@pytest.mark.parametrize(
    "text", ["", "\n", "\x00\x01", "😀" * 1000, "سلام " * 500, "kata " * 50_000]
)
def test_text_of_any_kind_is_judged(text: str) -> None:
    assert json.loads(check("-", "--json", text=text))["decision"] == "none"


def test_a_missing_file_is_told() -> None:
    result = CliRunner().invoke(app, ["check", "tidak-ada.txt", "--json"])
    assert result.exit_code == 2
    assert "tidak-ada.txt: cannot be read" in result.stderr
