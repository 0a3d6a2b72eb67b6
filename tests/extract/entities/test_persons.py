"""Who is who: names, roles, offices and agencies in one article. All people are invented."""

from __future__ import annotations

import pytest

from extract.entities import Annotated, Person, Recogniser

from .conftest import read


def person(annotated: Annotated, name: str) -> Person:
    found = [p for p in annotated.persons if p.name == name]
    assert len(found) == 1, [p.name for p in annotated.persons]
    return found[0]


def test_a_person_comes_out_once_with_every_place_it_is_named(recogniser: Recogniser) -> None:
    text = (
        "Bawaslu Kabupaten Kendal memanggil Camat Wanasekar, Prasojo Adiwinata, S.STP., M.Si., "
        'Senin (14/10/2024). Prasojo membantah. "Saya hanya lewat," kata Prasojo Adiwinata.'
    )
    found = person(read(recogniser, text), "Prasojo Adiwinata")
    named = {("\n" + text)[start:end] for start, end in found.spans}
    assert {"Prasojo Adiwinata", "Prasojo"} <= named
    assert len([s for s in found.spans if ("\n" + text)[s[0] : s[1]].startswith("Prasojo")]) == 3
    assert found.roles == ("asn",)
    assert found.position == "Camat Wanasekar"
    assert found.agency == "Pemerintah Kabupaten Kendal"


def test_honorifics_and_degrees_stand_outside_the_name(recogniser: Recogniser) -> None:
    text = "Kepala Dinas Kesehatan Kota Palu, dr. Hj. Nirwana Lamakarate, M.Kes., menolak bicara."
    annotated = read(recogniser, text)
    assert person(annotated, "Nirwana Lamakarate").agency == "Dinas Kesehatan Kota Palu"


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("Penjabat Bupati Batang, Sartono Wibawa, hadir.", "Sartono Wibawa", "asn"),
        ("Plt Bupati Batang, Sartono Wibawa, hadir.", "Sartono Wibawa", "elected_official"),
        ("Bupati Batang, Sartono Wibawa, hadir.", "Sartono Wibawa", "elected_official"),
        ("Kepala Desa Wonolestari, Sartono Wibawa, hadir.", "Sartono Wibawa", "village_official"),
        ("Keuchik Meunasah Lhok Baro, Ilyas Daud, hadir.", "Ilyas Daud", "village_official"),
        ("Wali Nagari Padang Lintabuang, Yondri Malin, hadir.", "Yondri Malin", "village_official"),
        ("Kapolres Batang AKBP Sartono Wibawa hadir.", "Sartono Wibawa", "security"),
        ("Ketua Bawaslu Kendal, Maulidia Rahayu, hadir.", "Maulidia Rahayu", "election_body"),
        ("Calon bupati nomor urut 2, Sartono Wibawa, hadir.", "Sartono Wibawa", "candidate"),
        ("Anggota DPRD Kota Bekasi, Nuraini Latif, hadir.", "Nuraini Latif", "elected_official"),
        ("Kadisdik Garut, Sartono Wibawa, hadir di Garut.", "Sartono Wibawa", "asn"),
        ("Mantan Camat Wanasekar, Sartono Wibawa, hadir.", "Sartono Wibawa", "other"),
    ],
)
def test_the_office_tells_the_role(recogniser: Recogniser, text: str, name: str, role: str) -> None:
    assert person(read(recogniser, text), name).roles == (role,)


def test_a_lurah_in_yogyakarta_is_a_village_official(recogniser: Recogniser) -> None:
    there = "SLEMAN - Lurah Wanadadi Kidul, Subarjo Wiguna, diperiksa Bawaslu Sleman."
    here = "BLORA - Lurah Wanadadi Kidul, Subarjo Wiguna, diperiksa Bawaslu Blora."
    assert person(read(recogniser, there), "Subarjo Wiguna").roles == ("village_official",)
    assert person(read(recogniser, here), "Subarjo Wiguna").roles == ("asn",)


def test_contract_staff_is_no_civil_servant(recogniser: Recogniser) -> None:
    text = "Tenaga honorer Dinas Sosial Kabupaten Garut, Rifka Lestari, ikut kampanye."
    found = person(read(recogniser, text), "Rifka Lestari")
    assert "asn" not in found.roles
    assert found.status == "honorer"


def test_the_wife_of_a_head_does_not_hold_the_office(recogniser: Recogniser) -> None:
    text = "Istri Camat Wanasekar, Dewi Anggraini, ikut turun dari panggung."
    assert person(read(recogniser, text), "Dewi Anggraini").position == ""


def test_a_title_alone_means_the_person_introduced(recogniser: Recogniser) -> None:
    text = (
        "Majelis hakim menjatuhkan denda kepada Melkianus Bansae, Jumat (20/12/2024). "
        "Camat Nunleu Timur itu dinyatakan terbukti menguntungkan pasangan calon."
    )
    found = person(read(recogniser, text), "Melkianus Bansae")
    assert found.roles == ("asn",)
    assert "Camat Nunleu Timur" in {("\n" + text)[start:end] for start, end in found.spans}


def test_initials_are_a_person(recogniser: Recogniser) -> None:
    text = "Seorang guru SDN 19 Kalumata Puncak berinisial NH diperiksa. NH mengaku khilaf."
    found = person(read(recogniser, text), "NH")
    assert len(found.spans) == 2
    assert found.agency == "SDN 19 Kalumata Puncak"


def test_two_officials_in_one_sentence_keep_their_offices(recogniser: Recogniser) -> None:
    text = (
        "Hadir Camat Telukmukti, Rohmana Setia, dan Kepala Desa Pangkalsari, Usep Supriyatna, "
        "di Karawang."
    )
    annotated = read(recogniser, text)
    assert person(annotated, "Rohmana Setia").position == "Camat Telukmukti"
    assert person(annotated, "Usep Supriyatna").position == "Kepala Desa Pangkalsari"


def test_an_agency_without_a_region_gets_the_articles(recogniser: Recogniser) -> None:
    text = "GARUT - Kepala Dinas Pendidikan, Ade Sukmana, diperiksa Bawaslu Kabupaten Garut."
    assert person(read(recogniser, text), "Ade Sukmana").agency == (
        "Dinas Pendidikan Kabupaten Garut"
    )


@pytest.mark.parametrize(
    ("text", "position", "name"),
    [
        ("Menurut Abukari, camat lain ikut. Camat Tambangsari Abukari hadir.", "Camat Tambangsari",
         "Abukari"),
        ("Kepala Kampung Holuwara Demianus Soll hadir.", "Kepala Kampung Holuwara",
         "Demianus Soll"),
        ("Kapolsek Arse Mulia Iptu Tongam Hasibuan hadir.", "Kapolsek Arse Mulia",
         "Tongam Hasibuan"),
        ("Ini Camat Kubu Sari I Gede Suwarta di Karangasem.", "Camat Kubu Sari",
         "I Gede Suwarta"),
        ("Laporan menyebut Camat Bekriwangi Sutrisman hadir.", "Camat Bekriwangi", "Sutrisman"),
        ("Kepala Distrik Mapiatas Yosep Tigi hadir di Dogiyai.", "Kepala Distrik Mapiatas",
         "Yosep Tigi"),
        ("Di sana Lurah Gerem Asri Rahmatullah hadir.", "Lurah Gerem Asri", "Rahmatullah"),
        ("Kabar itu dibantah Camat Kubu Jaya di Garut.", "Camat Kubu Jaya", ""),
    ],
)  # fmt: skip
def test_a_place_ends_where_its_holders_name_begins(
    recogniser: Recogniser, text: str, position: str, name: str
) -> None:
    annotated = read(recogniser, text)
    assert position in [e.text for e in annotated.entities if e.label == "POSITION"]
    assert [p.name for p in annotated.persons if p.position] == ([name] if name else [])


@pytest.mark.parametrize(
    ("text", "name", "role", "agency"),
    [
        ("Polisi, Bripka Rifki Ananda, dimintai keterangan.", "Rifki Ananda", "security", ""),
        ("Kemarin pak Daeng Situju dari UPTD Pertanian Bontobirang bagi pupuk.", "Daeng Situju",
         "asn", "UPTD Pertanian Bontobirang"),
        ("Tim melaporkan dua dosen Universitas Pattimura, Ferry Latumeten dan Johana Pical.",
         "Johana Pical", "asn", "Universitas Pattimura"),
        ("Pasien Puskesmas Batutua Lama sepi. dr. Maria Goreti bertugas sendiri.",
         "Maria Goreti", "asn", "Puskesmas Batutua Lama"),
        ("Pasangan pertama, Arsyad Kasmad dan Andi Sukma, diusung Golkar.", "Andi Sukma",
         "candidate", ""),
        ("Ia mengampanyekan suaminya, calon anggota DPRD. Kalender suaminya, Anang Budiono, laku.",
         "Anang Budiono", "candidate", ""),
        ("Ada Kepala Dinas Perikanan Kabupaten Garut. Pejabat itu, Iwan Ridwanullah, diam.",
         "Iwan Ridwanullah", "asn", "Dinas Perikanan Kabupaten Garut"),
        ("Perawat berinisial YL, PPPK di Puskesmas Marlasi Indah, mengaku diajak.", "YL", "asn",
         "Puskesmas Marlasi Indah"),
        ("Guru SDN 3 Asri diperiksa. Pelapor bernama Darul Qutni hadir.", "Darul Qutni", "other",
         ""),
        ("Laporan diterima Frans Wetipo dari Bawaslu Mimika.", "Frans Wetipo", "election_body", ""),
        ("Bawaslu Kabupaten Buru lewat Taufik Fanolong menyatakan siap.", "Taufik Fanolong",
         "election_body", ""),
        ("Kepala UPT SDN 88 Cellu Baru, Andi Suhardiman, diam.", "Andi Suhardiman", "asn",
         "UPT SDN 88 Cellu Baru"),
        ("Sekretaris Distrik Kwamkiraya, Anton Welerubun, diam di Mimika.", "Anton Welerubun",
         "asn", "Distrik Kwamkiraya"),
        ("Bawaslu Kendal bersidang. Menurut Ketua Agussalim Parani, berkas lengkap.",
         "Agussalim Parani", "election_body", ""),
    ],
)  # fmt: skip
def test_what_stands_around_a_name_tells_what_it_is(
    recogniser: Recogniser, text: str, name: str, role: str, agency: str
) -> None:
    found = person(read(recogniser, text), name)
    assert found.roles == (role,)
    assert found.agency == agency


def test_the_office_keeps_the_status_beside_it(recogniser: Recogniser) -> None:
    text = "Perawat PNS RSUD Seroja Kapuas, Yosefa Natalia, menyebar video."
    found = person(read(recogniser, text), "Yosefa Natalia")
    assert found.position.startswith("Perawat PNS")
    assert found.status == "PNS"


def test_a_building_of_an_office_is_no_office(recogniser: Recogniser) -> None:
    annotated = read(recogniser, "Apel digelar di halaman Kantor Bupati Tapin pagi ini.")
    assert not [e for e in annotated.entities if e.label == "POSITION"]


def test_a_headlines_office_does_not_take_the_name_of_the_next_line(recogniser: Recogniser) -> None:
    annotated = read(recogniser, "Sugeng Prihanto menonton panen raya.", title="Nasib Camat Bandar")
    assert person(annotated, "Sugeng Prihanto").position == ""


def test_an_unnamed_holders_office_is_not_given_to_who_was_named_before(
    recogniser: Recogniser,
) -> None:
    text = (
        "Tamu itu Yusnidar, istri calon wakil bupati, yang mengajar di sebuah SMA negeri. "
        "Kepala sekolah tempat Yusnidar bekerja menunjukkan daftar hadir. "
        '"Saya tidak tahu," kata kepala sekolah itu, pendek.'
    )
    assert person(read(recogniser, text), "Yusnidar").position == ""


@pytest.mark.parametrize(
    ("text", "role", "status"),
    [
        # who looks like a civil servant and is none
        ("SLEMAN - Lurah Wanadadi, Subarjo Wiguna, hadir di Sleman.", "village_official", ""),
        ("SLEMAN - Dukuh Wanadadi, Subarjo Wiguna, hadir.", "village_official", ""),
        ("Kuwu Tegalsari, Subarjo Wiguna, hadir.", "village_official", ""),
        ("Sekdes Wanadadi, Subarjo Wiguna, hadir.", "village_official", ""),
        ("Penghulu Kampung Wanadadi, Subarjo Wiguna, hadir di Siak.", "village_official", ""),
        ("Imum Mukim Wanadadi, Subarjo Wiguna, hadir di Bireuen.", "village_official", ""),
        ("Babinsa, Sertu Subarjo Wiguna, hadir.", "security", ""),
        ("Kapolsek Wanadadi, Iptu Subarjo Wiguna, hadir.", "security", ""),
        ("Guru honorer SDN 3 Wanadadi, Subarjo Wiguna, hadir.", "other", "honorer"),
        ("Tenaga kontrak Dinas Sosial Garut, Subarjo Wiguna, hadir.", "other", "honorer"),
        ("Plt Wali Kota Bekasi, Subarjo Wiguna, hadir.", "elected_official", ""),
        ("Mantan Camat Wanadadi, Subarjo Wiguna, hadir.", "other", ""),
        # and who is one under another name
        ("Kepala Distrik Wanadadi, Subarjo Wiguna, hadir di Asmat.", "asn", ""),
        ("SLEMAN - Panewu Wanadadi, Subarjo Wiguna, hadir.", "asn", ""),
        ("Pjs Bupati Garut, Subarjo Wiguna, hadir.", "asn", ""),
        ("Plh Wali Kota Bekasi, Subarjo Wiguna, hadir.", "asn", ""),
        ("Plt Camat Wanadadi, Subarjo Wiguna, hadir.", "asn", ""),
        ("Guru PPPK SDN 3 Wanadadi, Subarjo Wiguna, hadir.", "asn", "PPPK"),
        ("Kapus Wanadadi, Subarjo Wiguna, hadir.", "asn", ""),
        ("Sekwan Garut, Subarjo Wiguna, hadir.", "asn", ""),
        ("Ketua Panwaslih Pidie, Subarjo Wiguna, hadir.", "election_body", ""),
    ],
)
def test_who_is_a_civil_servant_and_who_only_looks_like_one(
    recogniser: Recogniser, text: str, role: str, status: str
) -> None:
    found = person(read(recogniser, text), "Subarjo Wiguna")
    assert found.roles == (role,)
    assert found.status == status


@pytest.mark.parametrize(
    ("text", "name", "agency"),
    [
        # a house named once and then meant by a noun
        ("Warga mengungsi di SDN Hulu Banyu 2. Guru di sekolah tersebut, Masliani, membuka dapur.",
         "Masliani", "SDN Hulu Banyu 2"),
        ("Kepala Puskesmas Walla Ndimu diperiksa. Bidan di puskesmas itu, Maria Goreti, diam.",
         "Maria Goreti", "Puskesmas Walla Ndimu"),
        ("Ramli Syafii, guru SMPN 6 Batin Serindit, dilaporkan. Kepala sekolah tempat Ramli "
         "mengajar, Elfi Yusra, kecewa.", "Elfi Yusra", "SMPN 6 Batin Serindit"),
        ("Kepala SDN 4 Sumberlanang diperiksa. Dua guru ikut dipanggil. Keduanya adalah Agus "
         "Riyanto dan Lilik Masruroh.", "Lilik Masruroh", "SDN 4 Sumberlanang"),
        # a profession, and the only house of its kind
        ("Direktur RSUD Kota Padang Panjang membantah. Seorang perawat berstatus PPPK, Rina "
         "Oktavia, bersaksi.", "Rina Oktavia", "RSUD Kota Padang Panjang"),
        # the agency stands apart from the office
        ("Penyuluh pertanian pada Dinas Pertanian Maluku Tenggara, Yosep Rahayaan, dilaporkan "
         "bersama seorang pegawai BPS Maluku Tenggara, Fransina Ubro.", "Yosep Rahayaan",
         "Dinas Pertanian Maluku Tenggara"),
        ("Bawaslu Klungkung memeriksa dua PNS, yakni I Wayan Sudiarta dari Dinas Kebudayaan "
         "Klungkung dan Ni Made Ayu Lestari dari Kecamatan Banjarsekar.", "Ni Made Ayu Lestari",
         "Kecamatan Banjarsekar"),
        ("Kepala Biro Umum Setda Sultra, Muhammad Yasir Tamburaka, diam.",
         "Muhammad Yasir Tamburaka", "Biro Umum Setda Sultra"),
        ("Kabid Pembinaan SD Dinas Pendidikan Kabupaten Blitar, Deni Setiawan Putra, diam.",
         "Deni Setiawan Putra", "Dinas Pendidikan Kabupaten Blitar"),
        ("min tolong, kepsek sdn 3 Labuhan Sereh pak Sahnan nyuruh wali murid", "Sahnan",
         "sdn 3 Labuhan Sereh"),
        # what one was before, and what one still is
        ("UNAAHA - Ilham Jaya Tosepu yang sebelumnya Sekcam Anggaberibu kini menjadi Camat "
         "Anggaberibu di Konawe.", "Ilham Jaya Tosepu", "Pemerintah Kabupaten Konawe"),
        ("Istrinya, Nurlela Sapil, masih aktif sebagai Kabid Promosi DP3A Banggai Kepulauan.",
         "Nurlela Sapil", "DP3A Banggai Kepulauan"),
    ],
)  # fmt: skip
def test_a_person_is_given_the_agency_the_text_tells_elsewhere(
    recogniser: Recogniser, text: str, name: str, agency: str
) -> None:
    found = person(read(recogniser, text), name)
    assert found.roles == ("asn",)
    assert found.agency == agency


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("Tenaga honorer Satpol PP Kabupaten Bandung Barat, Asep Kurnia, dan seorang PNS Kecamatan "
         "Cihandeuleum, Dadan Hermawan, tertangkap kamera.", "Asep Kurnia", "other"),
        ("Dua guru honorer diadukan. Kedua guru itu, Agnes Lusia dan Doni Halim, mengajar di "
         "SDN 8 Embaloh Muda.", "Agnes Lusia", "other"),
        ("SLEMAN - Lurah Wanadadi diam. Jagabaya setempat, Wagiman Prasojo, juga.",
         "Wagiman Prasojo", "village_official"),
        ("Wali Kota Jakarta Timur, Anwar Hidayatullah, mempersilakan.", "Anwar Hidayatullah",
         "asn"),
        ("Gubernur Jakarta, Anwar Hidayatullah, mempersilakan.", "Anwar Hidayatullah",
         "elected_official"),
        ("Danramil Loksabirang Kapten Inf Suparmin Hadi menambah personel.", "Suparmin Hadi",
         "security"),
    ],
)  # fmt: skip
def test_who_stands_beside_a_civil_servant_is_not_one_for_that(
    recogniser: Recogniser, text: str, name: str, role: str
) -> None:
    assert person(read(recogniser, text), name).roles == (role,)
