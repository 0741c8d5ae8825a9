"""More than 60 workbooks with something wrong: each gives findings that name the file, sheet and cell, or a result that says what
was assumed. None may end in any other exception.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from instances.language import current_language, set_language
from instances.school import School
from scheduler.errors import InputError
from scheduler.reading import workbook
from scheduler.reading.read import read_school
from tests.reading.sheets import echo, write

PAIRS = [["班级", "语文", None, "数学", None], ["七年级1班", 5, "孙雪", 5, "马倩"], ["七年级2班", 5, "孙雪", 5, "崔敏"]]
ROWS = [["班级", "科目", "教师", "周课时", "排课要求"], ["701", "语文", "孙雪", 5, None], ["702", "数学", "马倩", 5, None]]
MATRIX = [["班级", "语文", "数学"], ["701", "孙雪", "马倩"], ["702", "孙雪", "崔敏"]]
HOURS = [["科目", "课时"], ["语文", 5], ["数学", 5]]

Make = Callable[[Path], Path]


def sheet(rows, merged=()) -> Make:
    return lambda folder: write(folder / "plan.xlsx", rows, merged)


def changed(base, *cells) -> Make:
    """A good plan with single cells (row, column, value) spoiled."""

    def make(folder: Path) -> Path:
        path = write(folder / "plan.xlsx", base)
        book = load_workbook(path)
        for row, column, value in cells:
            (book.active if isinstance(row, int) else book[row[0]]).cell(row if isinstance(row, int) else row[1], column).value = value
        book.save(path)
        return path

    return make


def raw(content: bytes, name: str = "plan.xlsx") -> Make:
    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content)
        return path

    return make


def good_bytes() -> bytes:
    book = Workbook()
    for row in PAIRS:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def rebuilt(change: Callable[[str, bytes], bytes | None], extra: dict[str, bytes] | None = None) -> Make:
    """A good workbook with some of its parts changed or left out."""

    def make(folder: Path) -> Path:
        path = folder / "plan.xlsx"
        with (
            zipfile.ZipFile(io.BytesIO(good_bytes())) as source,
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target,
        ):
            for name in source.namelist():
                content = change(name, source.read(name))
                if content is not None:
                    target.writestr(name, content)
            for name, content in (extra or {}).items():
                target.writestr(name, content)
        return path

    return make


def without(part: str) -> Make:
    return rebuilt(lambda name, content: None if name == part else content)


def with_sheet_xml(xml: bytes) -> Make:
    return rebuilt(lambda name, content: xml if "worksheets/sheet1" in name else content)


def sheet_xml(rows: bytes) -> bytes:
    return b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>' + rows + b"</sheetData></worksheet>"


def small_table() -> bytes:
    """A row list of one lesson as sheet XML."""
    rows = [["班级", "科目", "教师", "课时"], ["701", "语文", "孙雪", "5"]]
    return "".join(
        f'<row r="{r}">'
        + "".join(f'<c r="{c}{r}" t="inlineStr"><is><t>{t}</t></is></c>' for c, t in zip("ABCD", row, strict=True))
        + "</row>"
        for r, row in enumerate(rows, start=1)
    ).encode()


def million_rows(folder: Path) -> Path:
    row = b"".join(b'<row r="%d"><c r="A%d"><v>%d</v></c></row>' % (n, n, n) for n in range(1, 1_000_001))
    return with_sheet_xml(sheet_xml(row))(folder)


def bomb(folder: Path) -> Path:
    path = folder / "plan.xlsx"
    with zipfile.ZipFile(io.BytesIO(good_bytes())) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
        with target.open("xl/media/image1.xml", "w", force_zip64=True) as member:
            for _ in range(60):
                member.write(b" " * 1_000_000)
    return path


def encrypted_zip() -> bytes:
    content = bytearray(good_bytes())
    at = 0
    while (at := content.find(b"PK\x01\x02", at)) >= 0:  # the flag "encrypted" in every entry of the directory
        struct.pack_into("<H", content, at + 8, struct.unpack_from("<H", content, at + 8)[0] | 1)
        at += 4
    return bytes(content)


OLE = bytes.fromhex("D0CF11E0A1B11AE1")

# (name, how to make it, cell or sheet that must be named ("" for the file only), a word of the message)
REFUSED: list[tuple[str, Make, str, str]] = [
    ("empty file", raw(b""), "", "empty"),
    ("only zero bytes", raw(b"\0" * 5000), "", "empty"),
    ("text called xlsx", raw("班级,语文\n701,5".encode()), "", "text file"),
    ("web page called xlsx", raw(b"<html><table><tr><td>1</td></tr></table></html>"), "", "web page"),
    ("xml called xlsx", raw(b"<?xml version='1.0'?><Workbook/>"), "", "XML"),
    ("pdf called xlsx", raw(b"%PDF-1.7 \0\0"), "", "PDF"),
    ("noise called xlsx", raw(bytes(range(256)) * 20), "", "not an Excel workbook"),
    ("zip of other files", raw(b""), "", "empty"),
    ("picture called xlsx", raw(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "", "not an Excel workbook"),
    ("cut off in the middle", raw(good_bytes()[:2000]), "", "damaged"),
    ("cut off at the end", raw(good_bytes()[:-30]), "", "damaged"),
    ("bytes exchanged", raw(good_bytes()[:900] + b"\xff" * 200 + good_bytes()[1100:]), "", "damaged"),
    ("encrypted zip", raw(encrypted_zip()), "", "password"),
    ("encrypted ole package", raw(OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600), "", "password"),
    ("word document", raw(OLE + b"\0" * 600 + "WordDocument".encode("utf-16-le") + b"\0" * 600), "", "Word"),
    ("broken xls", raw(OLE + b"\0" * 3000, "plan.xls"), "", ".xls"),
    ("zip bomb", bomb, "", "unpacks to more than"),
    ("a million rows", million_rows, "Sheet!A20001", "too large"),
    ("a cell far away", changed(PAIRS, (30_000, 1, "x")), "Sheet1!A30000", "too large"),
    ("a cell far to the right", changed(PAIRS, (2, 5_000, "x")), "Sheet1!GJH2", "too large"),
    ("no content types", without("[Content_Types].xml"), "", "zip archive"),
    ("no workbook part", without("xl/workbook.xml"), "", "damaged"),
    ("no sheet part", without("xl/worksheets/sheet1.xml"), "", "damaged"),
    ("corrupted sheet xml", with_sheet_xml(b"<worksheet><sheetData><row r='1'>"), "", "damaged"),
    ("entity bomb", with_sheet_xml(b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><worksheet/>'), "", "declarations"),
    ("impossible coordinates", with_sheet_xml(sheet_xml(b'<row r="1"><c r="????"><v>1</v></c></row>')), "", "damaged"),
    ("shared string out of range", with_sheet_xml(sheet_xml(b'<row r="1"><c r="A1" t="s"><v>999</v></c></row>')), "", "damaged"),
    ("binary workbook", rebuilt(lambda name, content: content, {"xl/workbook.bin": b"x"}), "", ".xlsb"),
    ("word docx called xlsx", rebuilt(lambda name, content: content, {"word/document.xml": b"<a/>"}), "", "Word"),
    ("all sheets empty", sheet({"甲": [], "乙": []}), "甲!A1", "empty"),
    ("csv of zeros", raw(b"a\0b,c", "plan.csv"), "", "text file"),
    ("csv without columns", raw("班级\n701\n".encode(), "plan.csv"), "", "columns"),
    ("unknown sheet", sheet([["姓名", "电话"], ["孙雪", "123"]]), "Sheet1!A1", "no course plan"),
    ("one word", sheet([["课程计划"]]), "Sheet1!A1", "no course plan"),
    ("headers only", sheet([PAIRS[0]]), "Sheet1", "no"),
    ("row list headers only", sheet([ROWS[0]]), "Sheet1!A2", "no rows"),
    ("hours list only", sheet(HOURS), "Sheet1!A1", "no course plan"),
    ("matrix without hours", sheet(MATRIX), "Sheet1!B1", "missing for 语文、数学"),
    ("hours lack a subject", sheet({"任课": MATRIX, "课时": HOURS[:2]}), "任课!C1", "数学"),
    ("hours name a subject twice", sheet({"任课": MATRIX, "课时": [*HOURS, ["数学", 4]]}), "课时!A4", "twice"),
    (
        "hours for an unknown grade",
        sheet({"任课": MATRIX, "课时": [["年级", "科目", "课时"], ["某年", "语文", 5], ["七年级", "数学", 5]]}),
        "课时!A2",
        "grade",
    ),
    ("hours missing in the list", sheet({"任课": MATRIX, "课时": [*HOURS[:2], ["数学", None]]}), "课时!B3", "数学"),
    ("class twice", changed(PAIRS, (3, 1, "七年级1班")), "Sheet1!A3", "twice"),
    ("class twice in two spellings", changed(PAIRS, (3, 1, "初一（1）班")), "Sheet1!A3", "twice"),
    ("no class name", changed(PAIRS, (3, 1, None)), "Sheet1!A3", "no class"),
    ("class name not understood", changed(PAIRS, (3, 1, "那个班班")), "Sheet1!A3", "not understood as a class"),
    ("text for hours", changed(PAIRS, (2, 2, "很多")), "Sheet1!B2", "not a number"),
    ("negative hours", changed(PAIRS, (2, 2, -1)), "Sheet1!B2", "negative"),
    ("hours beyond a week", changed(PAIRS, (2, 2, 500)), "Sheet1!B2", "more lessons"),
    ("odd fraction", changed(PAIRS, (2, 2, 1.3)), "Sheet1!B2", "halves"),
    ("a date for hours", changed(PAIRS, (2, 2, date(2026, 4, 1))), "Sheet1!B2", "date"),
    ("true for hours", changed(PAIRS, (2, 2, True)), "Sheet1!B2", "not a number"),
    ("error in a cell", changed(PAIRS, (2, 3, "#REF!")), "Sheet1!C2", "Excel error"),
    ("formula without a value", changed(PAIRS, (2, 2, "=1+4")), "Sheet1!B2", "formula"),
    ("teacher without hours", changed(PAIRS, (2, 2, None)), "Sheet1!B2", "how many lessons"),
    ("number for a teacher", changed(PAIRS, (2, 3, 12345), (3, 3, "孙雪")), "Sheet1!C2", "teacher is expected"),
    ("week overfull", changed(PAIRS, (2, 2, 40), (2, 4, 40)), "Sheet1!A2", "80 lessons"),
    ("grade row without class", changed(ROWS, (2, 1, None)), "Sheet1!A2", "no class"),
    ("row without subject", changed(ROWS, (2, 2, None)), "Sheet1!B2", "no subject"),
    ("row without hours", changed(ROWS, (2, 4, None)), "Sheet1!D2", "how many"),
    ("row list without hours column", sheet([row[:3] for row in ROWS]), "Sheet1!A1", "lessons a week"),
    ("row twice", sheet([*ROWS, ROWS[1]]), "Sheet1!B4", "twice"),
    ("classes not understood", changed(ROWS, (2, 1, "全部")), "Sheet1!A2", "not understood as a class"),
    ("classes that are no list", changed(ROWS, (2, 1, "701,谁")), "Sheet1!A2", "not understood as a class"),
    ("bad grade in a row", sheet([["年级", "班级", "科目", "教师", "课时"], ["某", "1", "语文", "孙雪", 5]]), "Sheet1!A2", "grade"),
    (
        "year of entry without stage",
        sheet([["2019-2020学年"], *[["班级", "科目", "教师", "课时"], ["2001级1班", "语文", "孙雪", 5]]]),
        "Sheet1!A3",
        "class",
    ),
    ("hours that cannot be shared", sheet([ROWS[0], ["七1,2,3", "语文", "孙雪", 16, None]]), "Sheet1!D2", "cannot be shared"),
    (
        "doubles beyond the hours",
        sheet([["班级", "科目", "教师", "课时", "连堂次数"], ["701", "语文", "孙雪", 3, 2]]),
        "Sheet1!E2",
        "double",
    ),
    ("doubles in words", sheet([["班级", "科目", "教师", "课时", "连堂次数"], ["701", "语文", "孙雪", 3, "多"]]), "Sheet1!E2", "double"),
    (
        "triple lessons",
        sheet([["班级", "科目", "教师", "课时", "连堂长度", "连堂次数"], ["701", "语文", "孙雪", 3, 3, 1]]),
        "Sheet1!E2",
        "double",
    ),
]

# (name, how to make it, what the echo must say)
READ: list[tuple[str, Make, str]] = [
    ("macros are not looked at", rebuilt(lambda name, content: content, {"xl/vbaProject.bin": OLE + b"\0" * 100}), "subject 语文"),
    ("merged chaos", sheet([*PAIRS, ["合计", 10, 10, 10, 10]], ["B1:C1", "D1:E1", "A4:A9", "F1:Z99", "C2:C3"]), "subject 语文"),
    ("title merged over all columns", sheet([["课程计划"], *PAIRS], ["A1:XFD1"]), "title"),
    (
        "full width everything",
        sheet([["班 级", "语　文", None, "数学", None], ["七年级（１）班", "５", "孙雪", "５节", "马倩"]]),
        "subject 语文",
    ),
    ("an unknown column", sheet([[*PAIRS[0], "楼层"], [*PAIRS[1], "三楼"]]), "F2 三楼"),
    ("an unknown sheet beside a plan", sheet({"计划": PAIRS, "说明": [["请认真填写"]]}), "not recognised"),
    ("an empty sheet beside a plan", sheet({"计划": PAIRS, "Sheet2": []}), "the sheet is empty"),
    ("a class name turned into a date", changed(PAIRS, (3, 1, date(2026, 5, 1))), "turned this class name into a date"),
    ("a lesson without a teacher", changed(PAIRS, (2, 3, None)), "no teacher is named"),
    ("a vacancy", changed(PAIRS, (2, 3, "待定")), "no teacher yet"),
    ("zero hours", changed(PAIRS, (2, 2, 0)), "does not take 语文"),
    ("an unknown subject", changed(PAIRS, (1, 2, "茶艺")), "unknown subject"),
    ("a demand in plain prose", changed(ROWS, (2, 5, "老师身体不好请照顾")), "not understood"),
    ("blank rows between", sheet([*PAIRS[:2], [], [], PAIRS[2], [], ["备注", "以上"]]), "not used"),
    ("an old csv from excel", raw("班级,科目,教师,周课时\n701,语文,孙雪,5\n".encode("gb18030"), "plan.csv"), "list of teachers"),
    (
        "many rows without content",
        with_sheet_xml(sheet_xml(small_table() + b"".join(b'<row r="%d" ht="9"/>' % n for n in range(3, 60_000)))),
        "list of teachers",
    ),
]


@pytest.fixture(autouse=True)
def english(monkeypatch):
    """English texts, and a smaller limit for what unpacks, so that a bomb is quickly made."""
    monkeypatch.setattr(workbook, "MAX_UNPACKED_BYTES", 50_000_000)
    before = current_language()
    set_language("en")
    yield
    set_language(before)


@pytest.mark.parametrize(("make", "cell", "word"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_refused_with_a_clear_message(tmp_path, make, cell, word):
    path = make(tmp_path)
    with pytest.raises(InputError) as error:
        read_school([path])
    found = error.value.findings
    assert any(f.fatal for f in found)
    assert all(f.origin.file == path.name for f in found), [str(f.origin) for f in found]
    hits = [f for f in found if f.fatal and any(w in str(f.message) for w in word.split("|"))]
    assert hits, [str(f.message) for f in found]
    assert any(cell in str(f.origin) for f in hits), [str(f.origin) for f in hits]
    set_language("zh")
    assert all(any("\u4e00" <= c <= "\u9fff" for c in str(f.message)) for f in found)


@pytest.mark.parametrize(("make", "word"), [case[1:] for case in READ], ids=[case[0] for case in READ])
def test_read_and_said(tmp_path, make, word):
    school = read_school([make(tmp_path)])
    assert isinstance(school, School)
    assert school.courses
    assert word in echo(school)


def test_there_are_at_least_sixty():
    assert len(REFUSED) >= 60
    assert len({case[0] for case in REFUSED + READ}) == len(REFUSED) + len(READ)


def test_missing_file_folder_and_directory(tmp_path):
    for path in (tmp_path / "none.xlsx", tmp_path):
        with pytest.raises(InputError):
            read_school([path])


def test_all_findings_come_at_once(tmp_path):
    path = changed(PAIRS, (2, 2, "很多"), (3, 1, "那个班班"), (2, 4, -3))(tmp_path)
    with pytest.raises(InputError) as error:
        read_school([path])
    assert {f.origin.cell for f in error.value.findings} >= {"B2", "A3", "D2"}
