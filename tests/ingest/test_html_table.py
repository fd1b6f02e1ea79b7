"""HTML tables saved as .xls, Excel's XML and web archives: the table that a person sees."""

import pytest

from pipelines.errors import UnusableInput
from pipelines.ingest import IngestOptions, read_table
from tests.ingest.damage import refused_or_read

HEADER, READ = ["review", "stars"], [["Warm soup, kind staff", "5"], ["Too loud", "2"]]
TABLE = (
    "<table><tr><th>review</th><th>stars</th></tr><tr><td>Warm soup, kind staff</td><td>5</td></tr>"
    "<tr><td>Too loud</td><td>2</td></tr></table>"
)


def read(html, **options):
    return read_table(html if isinstance(html, bytes) else html.encode(), IngestOptions(**options))


def rows(*cells):
    return "<table><tr><th>review</th><th>stars</th></tr>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"


@pytest.mark.parametrize(
    "html",
    [
        TABLE,
        f"<html><head><title>x</title><style>td {{}}</style></head><body><p>May</p>{TABLE}</body></html>",
        f'<html xmlns:x="urn:schemas:excel"><!--[if gte mso 9]><xml></xml><![endif]-->{TABLE}</html>',
        f"<html><![if supportMisalignedColumns]><![endif]><![weird[{TABLE}</html>".replace("<![weird[", "<![weird[>"),
        TABLE.replace("</td>", "").replace("</tr>", "").replace("</th>", "").replace("</table>", ""),
        TABLE.upper()
        .replace("REVIEW", "review")
        .replace("STARS", "stars")
        .replace("WARM SOUP, KIND STAFF", READ[0][0])
        .replace("TOO LOUD", READ[1][0]),
        f"<table><tr><td>menu</td></tr></table><table><tr><td>{TABLE}</td></tr></table>",
        f"<html><script>document.write('<table><tr><td>no')</script>{TABLE}",
        f'<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0"><html>{TABLE}</html>',
    ],
)
def test_the_largest_table_is_read(html):
    table = read(html)
    assert table.format == "html"
    assert list(table.frame.columns) == HEADER
    assert table.frame.values.tolist() == READ
    assert table.warnings == ()


def test_other_tables_are_told_of():
    other = "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>"
    table = read(other + TABLE)
    assert table.frame.values.tolist() == READ
    assert [str(warning) for warning in table.warnings] == ["The page holds 1 more tables; the largest is read."]


def test_cells_say_what_a_browser_shows():
    table = read(
        rows(
            "<td>one<br>two<br/>three</td><td>5</td>",
            "<td>  fish &amp;   chips&nbsp;&lt;3 &#128077;\n  warm </td><td><b>4</b></td>",
            "<td><p>first</p><p>second</p></td><td><span style='x'>3</span></td>",
            "<td>&notanentity; &lt;b&gt;</td><td></td>",
        )
    )
    assert table.frame.values.tolist() == [
        ["one\ntwo\nthree", "5"],
        ["fish & chips <3 👍 warm", "4"],
        ["first\nsecond", "3"],
        ["¬anentity; <b>", ""],
    ]


def test_spans():
    html = (
        "<table><tr><th>shop</th><th>review</th><th>stars</th></tr>"
        "<tr><td rowspan=2>North</td><td>Warm soup</td><td>5</td></tr><tr><td>Too loud</td><td>2</td></tr>"
        "<tr><td>South</td><td colspan=2>No stars given</td></tr>"
        "<tr><td rowspan=99 colspan='x'>East</td><td>Fine</td><td>4</td></tr></table>"
    )
    assert read(html).frame.values.tolist() == [
        ["North", "Warm soup", "5"],
        ["North", "Too loud", "2"],
        ["South", "No stars given", ""],
        ["East", "Fine", "4"],
    ]


def test_excels_exact_number_beside_the_rounded_one():
    html = "<table><tr><th>review</th><th>id</th></tr>"
    html += '<tr><td>Fine</td><td x:num="570306133677760513">5.7E+17</td></tr></table>'
    assert read(html).frame["id"].tolist() == ["570306133677760513"]


@pytest.mark.parametrize(
    ("meta", "codec", "said"),
    [
        ('<meta charset="gbk">', "gbk", "gb18030"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=gb2312">', "gb18030", "gb18030"),
        ("<meta charset=big5>", "big5", "big5"),
        ("<meta charset=utf-8>", "utf-8", "utf-8"),
        ("<meta charset=ascii>", "utf-8", "utf-8"),
        ("<meta charset=made-up>", "utf-8", "utf-8"),
        ("<meta charset=rot13>", "utf-8", "utf-8"),
        ("", "utf-16", "utf-16"),
    ],
)
def test_the_page_names_its_encoding(meta, codec, said):
    page = f"<html><head>{meta}</head><table>"
    page += "<tr><td>評論</td><td>星</td></tr><tr><td>味道很好，下次還來</td><td>5</td></tr></table></html>"
    if codec in {"gbk"}:
        page = page.replace("評論", "评论").replace("還來", "再来")
    table = read(page.encode(codec))
    assert table.encoding == said
    assert table.frame.iloc[-1, 0].startswith("味道很好")


@pytest.mark.parametrize(
    "html",
    [
        "<html><body>Sign in</body></html>",
        "<table></table><table><tr></tr></table>",
        "<table><tr><td> </td></tr></table>",
        "<table><tr><td>" * 20_000,
        "<html>" + "<div>" * 50_000,
    ],
)
def test_a_page_without_a_table_is_refused(html):
    with pytest.raises(UnusableInput, match="no table"):
        read(html)


@pytest.mark.parametrize(
    "rest", ["<!--", "<?", "</a", "<![", "<a b='", "<", "&", "&amp;&lt", "<script>", "<td>x" + " " * 99]
)
def test_an_end_that_never_comes_costs_no_time(rest):
    table = read(TABLE + rest * 20_000)
    assert table.frame.values.tolist()[:2] == READ
    comments = "<!--a-->" * 2_000
    assert read(comments + TABLE).frame.values.tolist() == READ
    assert read_table((comments + "x,y\n1,2\n").encode()).format == "delimited"


def test_spans_do_not_fill_the_memory(monkeypatch):
    monkeypatch.setenv("REVIEWSCAPE_MAX_CELLS", "100000")
    with pytest.raises(UnusableInput, match="REVIEWSCAPE_MAX_CELLS"):
        read("<table>" + "<tr><td colspan=1000 rowspan=9999>x</td></tr>" * 500)


SPREADSHEET = """<?xml version="1.0" encoding="{codec}"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="Cover"><Table><Row><Cell><Data ss:Type="String">May</Data></Cell></Row></Table></Worksheet>
<Worksheet ss:Name="Reviews"><Table><Row ss:Index="2"><Cell><Data ss:Type="String">review</Data></Cell>
<Cell><Data ss:Type="String">shop</Data></Cell><Cell><Data ss:Type="String">date</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">Warm &amp; kind — 好</Data></Cell>
<Cell ss:Index="3"><Data ss:Type="DateTime">2024-03-01T00:00:00.000</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">Too loud</Data></Cell><Cell><Data ss:Type="Number">7</Data></Cell></Row>
</Table></Worksheet></Workbook>"""


@pytest.mark.parametrize("codec", ["UTF-8", "UTF-16", "GB18030"])
def test_excels_xml(codec):
    table = read(SPREADSHEET.format(codec=codec).encode(codec))
    assert (table.format, table.sheet, table.sheets) == ("xml", "Reviews", ("Cover", "Reviews"))
    assert list(table.frame.columns) == ["review", "shop", "date"]
    assert table.frame.values.tolist() == [["Warm & kind — 好", "", "2024-03-01"], ["Too loud", "7", ""]]
    assert read(SPREADSHEET.format(codec="UTF-8"), sheet="Cover").sheet == "Cover"


def test_excels_xml_with_entities_or_far_cells_is_refused():
    page = SPREADSHEET.format(codec="UTF-8")
    with pytest.raises(UnusableInput, match="entities"):
        read(page.replace("<Workbook", '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><Workbook', 1))
    with pytest.raises(UnusableInput, match="REVIEWSCAPE_MAX_CELLS"):
        read(page.replace('ss:Index="3"', 'ss:Index="999999999"'))
    with pytest.raises(UnusableInput, match="broken at line"):
        read(page[:-40])


def test_a_web_archive():
    page = (
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="cut"\r\n\r\nA web page.\r\n--cut\r\n'
        "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        "<html><frameset></frameset></html>\r\n--cut\r\n"
        "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        + TABLE.replace("<table>", "<table border=3D1>").replace("soup", "so=\r\nup")
        + "\r\n--cut--\r\n"
    )
    table = read(page)
    assert table.frame.values.tolist() == READ


def test_damage_never_raises_anything_else():
    refused_or_read(("<html><meta charset=utf-8>" + TABLE * 5 + "</html>").encode())
    refused_or_read(SPREADSHEET.format(codec="UTF-8").encode())
