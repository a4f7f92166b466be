"""The HTML page and the article for somebody else's page."""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser

import pytest

from meetings.typesetting.html import STYLESHEET, render_fragment, render_html
from meetings.typesetting.tree import CoverRow, Document, Paragraph, Section, Spans, plain

from .file_reading import html_words
from .samples import make_document, make_report, span, words

ARTICLE = """\
<article class="document" lang="en" dir="ltr">
<header class="head">
<p class="session">Example Council 2031</p>
<p class="place">Atlantis, 3-5 June 2031</p>
<div class="references">
<p class="agenda">Agenda item: PL 4</p>
<p class="reference">Document X31/8-E</p>
<p class="reference">2 May 2031</p>
<p class="reference">Original: English</p>
</div>
<p class="source">Report by the Chair of the Example Group</p>
<h1 class="title">REPORT ON THE ACTIVITIES OF THE EXAMPLE GROUP</h1>
</header>
<div class="cover">
<dl>
<div id="cover-purpose">
<dt>Purpose</dt>
<dd><p>To inform.</p>
<p>And to ask.</p></dd>
</div>
<div>
<dt>Action required</dt>
<dd><p>To take note of paragraph 1.2.</p></dd>
</div>
</dl>
<hr>
<dl>
<div>
<dt>References</dt>
<dd><p><a href="https://example.org/12?a=1&amp;b=2">Rule 12</a></p></dd>
</div>
</dl>
</div>
<section>
<h2 id="section-1" class="heading numbered"><span class="number">1 </span>Activities</h2>
<p id="paragraph-1.1" class="numbered"><span class="number">1.1 </span>The Group met on \
3\u20114\u00a0June, which was <em>late</em> and <strong>cold</strong>.</p>
<p id="paragraph-1.2" class="numbered"><span class="number">1.2 </span>It agreed:</p>
<ol role="list">
<li><p class="numbered"><span class="number">a) </span>to meet again;</p>
<ol role="list">
<li><p class="numbered"><span class="number">(i) </span>soon;</p></li>
<li><p class="numbered"><span class="number">(ii) </span>late;</p></li>
</ol></li>
<li><p id="outcome-7" class="numbered"><span class="number">b) </span>to part.</p></li>
</ol>
<p>Without a number:</p>
<ul role="list">
<li><p class="numbered"><span class="number">– </span>one;</p></li>
<li><p class="numbered"><span class="number">– </span>two.</p></li>
</ul>
</section>
<section>
<h2 id="section-2" class="heading numbered"><span class="number">2 </span>Recommendations</h2>
<p class="numbered"><span class="number">2.1 </span><a href="#paragraph-1.1">As said in 1.1.</a></p>
</section>
<footer class="signature">
<p>Ada Example (Atlantis)</p>
<p>Chair, Example Group</p>
</footer>
</article>"""


def test_a_whole_report_as_an_article() -> None:
    assert render_fragment(make_report()) == ARTICLE


def test_the_page_is_the_article_with_a_head_of_its_own() -> None:
    page = render_html(make_report())
    before, article, after = page.partition(ARTICLE)

    assert article == ARTICLE
    assert before.startswith('<!DOCTYPE html>\n<html lang="en" dir="ltr">\n<head>\n')
    assert "<title>Report of the Example Group</title>" in before
    assert '<meta name="author" content="The Chair of the Example Group">' in before
    assert STYLESHEET.read_text() in before
    assert "prefers-color-scheme: dark" in before
    assert after == "\n</main>\n</body>\n</html>\n"


def test_the_page_needs_nothing_from_elsewhere() -> None:
    page = render_html(make_document("Words."))

    assert [word for word in ("src=", "<link", "@import", "url(", "<script") if word in page] == []


def test_numbers_and_quotation_marks_are_never_style() -> None:
    style = STYLESHEET.read_text()

    assert [word for word in ("content:", "counter", "quotes") if word in style] == []


class _Balance(HTMLParser):
    """Hold the open tags, and what closes another than the last."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "hr"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open.pop() != tag:
            self.wrong.append(tag)


@pytest.mark.parametrize("noted", [False, True])
def test_every_tag_is_closed(noted: bool) -> None:
    balance = _Balance()
    balance.feed(render_fragment(make_report(), (lambda *_: "") if noted else None))

    assert (balance.open, balance.wrong) == ([], [])


def test_a_note_stands_beside_each_paragraph() -> None:
    seen: list[tuple[str, str]] = []

    def note(anchor: str, spans: Spans) -> str:
        seen.append((anchor, plain(spans)))
        return f"<b>{len(seen)}</b>"

    section = make_report().sections[0]
    document = Document("en", "", cover=make_report().cover[:1], sections=(section,))
    html = render_fragment(document, note)

    assert seen == [
        ("cover-purpose", "PurposeTo inform.And to ask."),
        ("section-1", "1Activities"),
        ("paragraph-1.1", "1.1The Group met on 3\u20114\u00a0June, which was late and cold."),
        ("paragraph-1.2", "1.2It agreed:"),
        ("", "a)to meet again;"),
        ("", "(i)soon;"),
        ("", "(ii)late;"),
        ("outcome-7", "b)to part."),
        ("", "Without a number:"),
        ("", "–one;"),
        ("", "–two."),
    ]
    assert (
        '<li><div class="noted"><div><p id="outcome-7" class="numbered"><span class="number">b) '
        '</span>to part.</p></div><aside class="note"><b>8</b></aside></div></li>'
    ) in html
    assert html.startswith('<article class="document annotated"')


def test_a_number_can_lead_somewhere() -> None:
    evil = '"><script>'
    asked: list[str] = []

    def link(anchor: str) -> tuple[str, str] | None:
        asked.append(anchor)
        return (f"/a{evil}", f"third meeting{evil}") if anchor == "outcome-7" else None

    html = render_fragment(make_report(), link=link)
    number = (
        '<span class="number"><a href="/a&quot;&gt;&lt;script&gt;" '
        'aria-label="b) third meeting&quot;&gt;&lt;script&gt;">b)</a> </span>'
    )

    assert html.replace(number, '<span class="number">b) </span>') == ARTICLE
    assert asked == ["section-1", "paragraph-1.1", "paragraph-1.2", "outcome-7", "section-2"]


def test_headings_can_begin_lower_on_somebody_elses_page() -> None:
    html = render_fragment(make_report(), heading_level=2)

    assert ("<h1" in html, "<h2" in html, "<h3" in html, "<h4" in html) == (
        False,
        True,
        True,
        False,
    )


def test_everything_typed_is_escaped() -> None:
    evil = "\"><script>alert('1')</script>&amp;"
    paragraph = Paragraph(span(evil), span(evil, href=f"/a{evil}"), anchor=evil)
    document = Document(
        evil,
        evil,
        sections=(Section("1", span(evil), span(evil), (paragraph,), evil),),
        author=evil,
    )
    page = render_html(document)

    assert "<script" not in page
    assert page.count(escape(evil)) == 9  # language twice, title, author, id, four texts
    assert html_words(page) == words(document)


@pytest.mark.parametrize(
    ("href", "kept"),
    [
        ("https://example.org/?a=1", True),
        ("HTTP://EXAMPLE.ORG", True),
        ("mailto:desk@example.org", True),
        ("/meetings/3/", True),
        ("rev-1/", True),
        ("?page=2", True),
        ("#paragraph-1.1", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("java\tscript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("\x01javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("vbscript:x", False),
        ("file:///etc/passwd", False),
        ("//example.org/", False),
        ("/\\example.org/", False),
        ("https:///example.org", False),
        ("mailto:", False),
    ],
)
def test_links_go_where_people_mean_them_to(href: str, kept: bool) -> None:
    paragraph = Paragraph((), span("Read this.", href=href))
    html = render_fragment(Document("en", "", sections=(Section("1", (), (), (paragraph,)),)))

    linked = f'<p><a href="{escape(href)}">Read this.</a></p>'
    assert (linked if kept else "<p>Read this.</p>") in html


def test_an_anchor_is_given_once() -> None:
    twice = tuple(Paragraph((), span(text), anchor="here") for text in ("One.", "Two."))
    html = render_fragment(Document("en", "", sections=(Section("1", (), (), twice, "here"),)))

    assert html.count('id="here"') == 1


def test_a_cover_row_without_label_is_no_list() -> None:
    row = CoverRow((), (span("To inform."),), "cover-purpose")
    html = render_fragment(Document("en", "", cover=(row,)))

    assert '<div class="cover">\n<div id="cover-purpose"><p>To inform.</p>' in html


@pytest.mark.parametrize(
    ("language", "direction"), [("en", "ltr"), ("ar", "rtl"), ("ar-EG", "rtl"), ("zh", "ltr")]
)
def test_language_and_direction(language: str, direction: str) -> None:
    page = render_html(make_document("تقرير", language=language))

    assert page.count(f'lang="{language}" dir="{direction}"') == 2
