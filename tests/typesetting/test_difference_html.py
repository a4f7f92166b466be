"""The difference as a page shows and says it."""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser

from meetings.typesetting.difference import Kind
from meetings.typesetting.difference_html import DIFFERENCE_STYLESHEET, Saying, difference_html
from meetings.typesetting.tree import Annex, Document

from .samples import make_annexed_report, make_document, make_table, words
from .test_difference import edited_report
from .test_html import _Balance

ADDED = '<ins><span class="unseen"> added: </span>'
END = '<span class="unseen"> end of addition </span></ins>'
REMOVED = '<del><span class="unseen"> removed: </span>'
GONE = '<span class="unseen"> end of removal </span></del>'


def added(words: str) -> str:
    return f"{ADDED}{words}{END}"


def removed(words: str) -> str:
    return f"{REMOVED}{words}{GONE}"


def test_a_whole_difference() -> None:
    texts = ["One is here.", "Two is old.", "Three.", "Four.", "Five.", "Six.", "Seven.", "Gone."]
    old = make_document(*texts)
    new = make_document("One is here.", "Two is <new>.", "Put in.", *texts[2:-1])

    assert (
        difference_html(old, new)
        == f"""\
<div class="document difference" lang="en" dir="ltr">
<p class="tally">Paragraphs: 1 changed, 1 added, 1 removed, 5 with another number only.</p>
<details>
<summary>1 paragraph with the same words</summary>
<p class="kept as-heading numbered"><span class="number">1 </span>Matters</p>
</details>
<section class="change">
<h2 id="change-1">Change 1 of 2: 1.2</h2>
<p class="kept as-paragraph numbered"><span class="number">1.1 </span>One is here.</p>
<p class="changed as-paragraph numbered"><span class="number">1.2 </span>Two is\
{removed(" old")}{added(" &lt;new&gt;")}.</p>
<p class="added as-paragraph numbered"><span class="number">{added("1.3")} </span>\
{added("Put in.")}</p>
<p class="renumbered as-paragraph numbered"><span class="number">{removed("1.3")} {added("1.4")} \
</span>Three.</p>
</section>
<details>
<summary>3 paragraphs with the same words, 3 of them with another number</summary>
<p class="renumbered as-paragraph numbered"><span class="number">{removed("1.4")} {added("1.5")} \
</span>Four.</p>
<p class="renumbered as-paragraph numbered"><span class="number">{removed("1.5")} {added("1.6")} \
</span>Five.</p>
<p class="renumbered as-paragraph numbered"><span class="number">{removed("1.6")} {added("1.7")} \
</span>Six.</p>
</details>
<section class="change">
<h2 id="change-2">Change 2 of 2: 1.8</h2>
<p class="renumbered as-paragraph numbered"><span class="number">{removed("1.7")} {added("1.8")} \
</span>Seven.</p>
<p class="removed as-paragraph numbered"><span class="number">{removed("1.8")} </span>\
{removed("Gone.")}</p>
</section>
</div>"""
    )


def test_documents_that_say_the_same() -> None:
    assert difference_html(make_annexed_report(), make_annexed_report()) == (
        '<div class="document difference" lang="en" dir="ltr">\n'
        '<p class="tally">The two say the same, word for word.</p>\n</div>'
    )


class _Said(HTMLParser):
    """Hold the words of one document among those of two, and headings."""

    def __init__(self, without: str) -> None:
        super().__init__()
        self.letters: list[str] = []
        self.headings: list[str] = []
        self._without = without
        self._silent = 0
        self._heading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = tag in {self._without, "summary", "h2"} or ("class", "tally") in attrs
        if self._silent or own or ("class", "unseen") in attrs:
            self._silent += 1
        self._heading = tag == "h2"
        if tag in {"p", "td", "th", "h2"}:
            self.letters.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(self._silent - 1, 0)
        self._heading = False

    def handle_data(self, data: str) -> None:
        if self._heading:
            self.headings.append(data)
        if not self._silent:
            self.letters.append(data)


def test_a_page_holds_all_words_of_both_documents_in_order() -> None:
    old, new = make_annexed_report(), edited_report()
    html = difference_html(old, new)
    was, now = _Said("ins"), _Said("del")
    was.feed(html)
    now.feed(html)

    assert "".join(was.letters).split() == words(old)
    assert "".join(now.letters).split() == words(new)
    assert now.headings == [
        "Change 1 of 7",
        "Change 2 of 7",
        "Change 3 of 7: 1.2",
        "Change 4 of 7: 1.3 a)",
        "Change 5 of 7: 1.2 a) (ii)",
        "Change 6 of 7: Annex 1",
        "Change 7 of 7: Summary",
    ]


def test_every_tag_is_closed() -> None:
    balance = _Balance()
    balance.feed(difference_html(make_annexed_report(), edited_report()))

    assert (balance.open, balance.wrong) == ([], [])


def test_rows_stand_under_the_words_over_their_columns() -> None:
    rows = [(f"Promise {n}", "open") for n in range(9)]
    old, new = (
        Document(
            "en", "", annexes=(Annex("annex-1", (), (), (make_table(("What", "State"), *r),)),)
        )
        for r in (rows, [*rows[:-1], ("Promise 8", "kept")])
    )
    html = difference_html(old, new)

    assert html.count('<thead>\n<tr class="kept"><th scope="col">What</th>') == 2
    assert f"<td>Promise 8</td><td>{removed('open')}{added('kept')}</td>" in html


def test_everything_typed_is_escaped() -> None:
    evil = "<script>alert('1')</script>&amp;"
    html = difference_html(make_document(evil), make_document(f"new {evil}", language=evil))

    assert "<script" not in html
    assert escape(evil) in html


def test_the_page_speaks_the_language_that_it_is_given() -> None:
    saying = Saying(
        "ajouté :",
        "fin de l’ajout",
        "supprimé :",
        "fin de la suppression",
        "Rien.",
        lambda count: f"{count[Kind.CHANGED]} modifié",
        lambda number, of, where: f"Modification {number} sur {of} ({where})",
        lambda paragraphs, _: f"{paragraphs} paragraphes inchangés",
    )
    old, new = make_document("Un mot.", language="fr"), make_document("Un nom.", language="fr")
    html = difference_html(old, new, heading_level=3, saying=saying)

    assert '<p class="tally">1 modifié</p>' in html
    assert '<h3 id="change-1">Modification 1 sur 1 (1.1)</h3>' in html
    assert '<del><span class="unseen"> supprimé : </span> mot' in html
    assert '<span class="unseen"> fin de l’ajout </span></ins>' in html


def test_a_document_in_arabic_runs_from_right_to_left() -> None:
    html = difference_html(make_document("a"), make_document("b", language="ar"))

    assert html.startswith('<div class="document difference" lang="ar" dir="rtl">')


def test_what_changed_is_seen_without_colour() -> None:
    rules = DIFFERENCE_STYLESHEET.read_text()

    assert ("underline" in rules, "line-through" in rules) == (True, True)
