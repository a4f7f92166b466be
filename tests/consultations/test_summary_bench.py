"""The workbench of a summary over HTTP: begun, read, tagged, written, agreed, final; by whom."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consultations import standing
from consultations.models import Consultation, Contribution, Standing, Summary, Tag, TaggedPassage
from consultations.summary import checks, coverage, finalising, states, writing
from meetings.models import Edition, Message
from tests.conftest import signed_in
from tests.consultations.making import make_contribution, make_group, make_round
from tests.consultations.summarizing import AT, Desk, make_desk
from tests.two_groups import make_person

pytestmark = pytest.mark.django_db

NOW = timezone.now()
SAID = "We ask for more languages.\nAnd for more languages on every screen."
WRITE_QUERIES, READ_QUERIES, COVERAGE_QUERIES, WAY_QUERIES = 56, 29, 21, 47


@pytest.fixture
def desk() -> Desk:
    made = make_desk()
    made.contribution(answers={1: SAID})
    made.contribution(answers={1: "Fewer forms.", 2: "None."}, email="two@example.org")
    return made


@pytest.fixture
def writer(desk: Desk) -> Client:
    return signed_in(desk.writer)


def page(desk: Desk, name: str = "") -> str:
    return reverse(f"admin:round_summary{name and '_'}{name}", args=[desk.round.pk])


def act(client: Client, address: str, name: str, **typed: Any) -> Any:
    return client.post(address, {"act": name, **typed})


def words(answer: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(html.unescape(text).split())


def messages_of(client: Client, desk: Desk) -> list[str]:
    return [str(each) for each in client.get(page(desk)).context["messages"]]


# Begun


def test_a_summary_is_begun_by_one_button() -> None:
    held = make_round(make_group())
    client = signed_in(make_person(held.group, "editor"))
    address = reverse("admin:round_summary", args=[held.pk])
    assert "Begin the summary" in words(client.get(address))
    for name in ("read", "coverage", "draft", "way"):
        other = client.get(reverse(f"admin:round_summary_{name}", args=[held.pk]))
        assert "Begin the summary" in words(other)
    assert act(client, address, "begin").status_code == 302
    assert Summary.objects.get().consultation == held
    assert "Nothing is written here yet." in words(client.get(address))


def test_of_a_round_that_nobody_was_told_of_there_is_nothing_to_summarize() -> None:
    held = make_round(make_group(), announced_at=None)
    client = signed_in(make_person(held.group, "editor"))
    answer = act(client, reverse("admin:round_summary", args=[held.pk]), "begin")
    assert answer.status_code == 422
    assert "is not announced yet" in words(answer)
    assert not Summary.objects.exists()


def test_readers_read_editors_write_the_lead_makes_final(desk: Desk) -> None:
    desk.write("One asks for more languages [1].", 1)
    reader = signed_in(make_person(desk.round.group, "reader", "plain-reader@example.org"))
    for name in ("", "read", "coverage", "draft", "way"):
        answer = reader.get(page(desk, name))
        assert answer.status_code == 200
        # the menu of the bar signs out, and the search is read only
        forms = re.findall(r'name="act" value="(\w+)"', answer.content.decode())
        assert forms == []
        assert reader.post(page(desk, name), {"act": "write", "text": "Mine."}).status_code == 403
    editor = signed_in(desk.writer)
    assert act(editor, page(desk, "way"), "finalise", meeting=desk.meeting.pk).status_code == 403
    assert act(editor, page(desk, "way"), "publish").status_code == 403
    assert act(editor, page(desk, "way"), "reopen", reason="Why not.").status_code == 403
    lead = act(signed_in(desk.lead), page(desk, "way"), "finalise", meeting=desk.meeting.pk)
    assert lead.status_code == 422
    assert "The summary cannot be final yet." in words(lead)


def test_guests_addresses_are_shown_to_staff_alone(desk: Desk) -> None:
    desk.summary.guests.create(email="guest@example.org", name="A Guest", invited_at=AT)
    reader = signed_in(make_person(desk.round.group, "chair"))
    assert "guest@example.org" in words(signed_in(desk.writer).get(page(desk, "way")))
    read = words(reader.get(page(desk, "way")))
    assert "1 guest." in read
    assert "guest@example.org" not in read


# Written


def test_a_paragraph_is_added_cited_by_a_picked_passage_and_opens_there(
    desk: Desk, writer: Client
) -> None:
    question = desk.question(1)
    one = desk.round.contributions.get(number=1)
    act(writer, page(desk, "read"), "mark", key=f"{one.pk}-{question.pk}", new="Languages",
        words="more languages on every\nscreen")  # fmt: skip
    passage = TaggedPassage.objects.get()
    offered = writer.get(f"{page(desk)}?add={question.pk}")
    assert "more languages on every screen" in words(offered)
    typed = {"question": question.pk, "text": "Some ask for more languages", "key": ""}
    picked = writer.post(page(desk), {"act": "write", "put": f"[1]:{passage.pk}", **typed})
    form = picked.context["form"]
    assert form.initial["text"] == "Some ask for more languages [1]"
    assert form.initial["passages"] == f"1:{passage.pk}"
    assert not desk.summary.paragraphs.exists()
    sent = {name: form.initial.get(name, "") for name in ("text", "passages", "question")}
    answer = act(writer, page(desk), "write", **sent, key="")
    row = desk.summary.paragraphs.get()
    assert answer["Location"] == f"{page(desk)}#paragraph-{row.pk}"
    assert (row.text, row.question) == ("Some ask for more languages [1]", question)
    shown = writer.get(page(desk)).content.decode()
    assert f'href="{page(desk, "read")}?number=1#passage-{passage.pk}"' in shown
    read = writer.get(f"{page(desk, 'read')}?number=1").content.decode()
    assert (
        f'<span id="passage-{passage.pk}"></span><mark>more languages on every screen</mark>'
        in (read)
    )


def test_the_same_words_sent_again_are_the_same_paragraph(desk: Desk, writer: Client) -> None:
    question = desk.question(1)
    sent = {"text": "Some ask for more languages [1].", "key": "", "question": question.pk}
    act(writer, page(desk), "write", **sent)
    again = act(writer, page(desk), "write", **sent)
    row = desk.summary.paragraphs.get()
    assert again["Location"] == f"{page(desk)}#paragraph-{row.pk}"
    act(writer, page(desk), "write", **(sent | {"question": ""}))
    assert [each.question for each in desk.summary.paragraphs.order_by("pk")] == [question, None]


def test_figures_are_put_as_slots_and_shown_filled(desk: Desk, writer: Client) -> None:
    answer = writer.post(
        page(desk), {"act": "write", "put": "{{ published }}", "text": "There are", "question": ""}
    )
    assert answer.context["form"].initial["text"] == "There are {{ published }}"
    act(writer, page(desk), "write", text="There are {{ published }} contributions.", key="")
    assert "There are 2 contributions." in words(writer.get(page(desk)))


def test_what_cannot_be_read_stays_typed_and_says_where(desk: Desk, writer: Client) -> None:
    answer = act(writer, page(desk), "write", text="They ask [4-].", key="", question="")
    assert answer.status_code == 422
    assert "“[4-]” is no citation" in words(answer)
    assert "They ask [4-].</textarea>" in answer.content.decode()
    empty = act(writer, page(desk), "write", text=" ", key="", question="")
    assert "Write the paragraph, or remove it." in words(empty)
    assert not desk.summary.paragraphs.exists()


def test_a_save_behind_another_one_shows_both_texts_and_is_saved_when_mended(
    desk: Desk, writer: Client
) -> None:
    row = desk.write("Some ask for more languages [1].", 1)
    writing.change(row, "Many ask for more languages [1].", saves=1, by=desk.reader, at=NOW)
    sent = {"key": row.pk, "saves": 1, "text": "Several ask for more languages [1]."}
    answer = act(writer, f"{page(desk)}?edit={row.pk}", "write", **sent)
    assert answer.status_code == 422
    read = words(answer)
    assert "saved this paragraph after you had opened it." in read
    assert "Many ask for more languages [1]." in read
    assert "Several ask for more languages [1].</textarea>" in answer.content.decode()
    row.refresh_from_db()
    assert row.text == "Many ask for more languages [1]."
    saves = answer.context["form"]["saves"].value()
    act(writer, f"{page(desk)}?edit={row.pk}", "write", **(sent | {"saves": saves}))
    row.refresh_from_db()
    assert row.text == "Several ask for more languages [1]."


def test_what_is_typed_into_a_paragraph_that_was_removed_is_added_anew(
    desk: Desk, writer: Client
) -> None:
    row = desk.write("Some ask for more languages [1].", 1)
    writing.remove(row, saves=1, by=desk.reader)
    sent = {"key": row.pk, "saves": 1, "text": "Several ask [1].", "question": row.question_id}
    answer = act(writer, f"{page(desk)}?edit={row.pk}", "write", **sent)
    assert answer.status_code == 422
    assert "This paragraph was removed meanwhile." in words(answer)
    assert "Several ask [1].</textarea>" in answer.content.decode()
    act(writer, page(desk), "write", **(sent | {"key": ""}))
    assert desk.summary.paragraphs.get().question == desk.question(1)


def test_paragraphs_are_moved_and_removed(desk: Desk, writer: Client) -> None:
    one, two, three = (desk.write(f"Statement {place} [1].", 1) for place in (1, 2, 3))

    def order() -> list[int]:
        return [each.pk for each in desk.summary.paragraphs.order_by("position")]

    act(writer, page(desk), "move", key=three.pk, to="up")
    assert order() == [one.pk, three.pk, two.pk]
    act(writer, page(desk), "move", key=one.pk, to="down")
    assert order() == [three.pk, one.pk, two.pk]
    act(writer, page(desk), "move", key=one.pk, to="elsewhere", question=desk.question(2).pk)
    assert desk.summary.paragraphs.get(pk=one.pk).question == desk.question(2)
    act(writer, page(desk), "remove", key=two.pk, saves=7)
    assert desk.summary.paragraphs.count() == 3
    act(writer, page(desk), "remove", key=two.pk, saves=1)
    assert desk.summary.paragraphs.count() == 2
    gone = act(writer, page(desk), "move", key=two.pk, to="up")
    assert gone.status_code == 422
    assert "It is not there any more." in words(gone)


def test_a_contribution_that_changed_is_shown_with_what_changed_until_somebody_read_it(
    desk: Desk, writer: Client
) -> None:
    row = desk.write("Some ask for more languages [1].", 1)
    answer = desk.round.contributions.get(number=1).answers.get()
    answer.text = "We ask for fewer languages."
    answer.save()
    shown = writer.get(page(desk))
    assert "Contribution 1 was changed since this paragraph was written." in words(shown)
    assert "<ins> fewer</ins>" in shown.content.decode()
    act(writer, page(desk), "stands", key=row.pk, saves=1)
    assert "was changed since" not in words(writer.get(page(desk)))


# Read and tagged


def test_contributions_are_read_by_question_tag_group_and_cover(desk: Desk, writer: Client) -> None:
    third = desk.contribution(
        answers={2: "Nothing."}, stakeholder_group="government", email="three@example.org"
    )
    desk.contribution(to=Standing.AWAITING, email="four@example.org")
    desk.write("One asks for more languages [1].", 1)
    coverage.set_aside(desk.summary, third, "About something else.", by=desk.writer, at=AT)
    key = f"{desk.round.contributions.get(number=2).pk}-{desk.question(1).pk}"
    act(writer, page(desk, "read"), "mark", key=key, new="Forms", words="Fewer forms.")
    tag = Tag.objects.get()

    def listed(query: str = "") -> list[int]:
        rows = writer.get(f"{page(desk, 'read')}{query}").context["rows"]
        return [each.row.number for each in rows]

    assert listed() == [1, 2, 3]
    assert listed(f"?question={desk.question(2).pk}") == [2, 3]
    assert listed(f"?tag={tag.pk}") == [2]
    assert listed("?group=government") == [3]
    assert listed("?cover=open") == [2]
    assert listed("?cover=cited") == [1]
    assert listed("?cover=aside") == [3]
    assert listed("?number=2") == [2]
    assert listed("?question=x&tag=y&group=z&cover=nothing&number=w&page=99") == [1, 2, 3]


def test_words_are_tagged_by_copying_or_choosing_a_paragraph_and_untagged(
    desk: Desk, writer: Client
) -> None:
    one, question = desk.round.contributions.get(number=1), desk.question(1)
    read, key = page(desk, "read"), f"{one.pk}-{question.pk}"
    act(writer, read, "mark", key=key, new="Languages", words="more languages", begins=40)
    tag = Tag.objects.get()
    assert (tag.name, tag.question) == ("Languages", question)
    act(writer, read, "mark", key=key, tag=tag.pk, paragraph=2)
    found = [
        (each.start, SAID[slice(each.start, each.end)], each.made_by)
        for each in TaggedPassage.objects.order_by("pk")
    ]
    assert found == [
        (35, "more languages", desk.writer),
        (27, "And for more languages on every screen.", desk.writer),
    ]
    wrong = act(writer, read, "mark", key=key, tag=tag.pk, words="fewer languages")
    assert wrong.status_code == 422
    assert "These words do not stand there, or not any more." in words(wrong)
    assert "fewer languages</textarea>" in wrong.content.decode()
    again = act(writer, read, "mark", key=key, tag=tag.pk, paragraph=2)
    assert "These words have this tag already." in words(again)
    nothing = act(writer, read, "mark", key=key)
    assert "Choose a tag, or name a new one." in words(nothing)
    first = TaggedPassage.objects.order_by("pk")[0]
    act(writer, read, "unmark", key=first.pk)
    shown = words(writer.get(read))
    assert "Tags taken off Languages more languages [1], by" in shown
    used = act(writer, read, "remove_tag", key=tag.pk)
    assert "A passage stands under “Languages”." in words(used)


def test_tags_are_added_renamed_removed(desk: Desk, writer: Client) -> None:
    read = page(desk, "read")
    act(writer, read, "add_tag", called="Forms", question="")
    twice = act(writer, read, "add_tag", called="forms", question="")
    assert twice.status_code == 422
    assert "The round has a tag of this name." in words(twice)
    tag = Tag.objects.get()
    act(writer, read, "rename_tag", key=tag.pk, called="Paper")
    assert str(Tag.objects.get()) == "Paper"
    act(writer, read, "remove_tag", key=tag.pk)
    assert not Tag.objects.exists()


def test_what_is_redacted_is_neither_read_nor_tagged(desk: Desk, writer: Client) -> None:
    one = desk.round.contributions.get(number=1)
    one.redactions.create(passage="We ask for", reason="A test.", made_at=AT)
    read = page(desk, "read")
    shown = words(writer.get(f"{read}?number=1"))
    assert "[redacted by the secretariat] more languages." in shown
    assert "We ask for" not in shown
    key = f"{one.pk}-{desk.question(1).pk}"
    answer = act(writer, read, "mark", key=key, new="Hidden", words="We ask for more")
    assert answer.status_code == 422
    assert not Tag.objects.exists()


def test_a_contribution_is_set_aside_with_a_reason_and_taken_back(
    desk: Desk, writer: Client
) -> None:
    desk.write("One asks for more languages [1].", 1)
    two = desk.round.contributions.get(number=2)
    covered = page(desk, "coverage")
    assert [row[0].number for row in writer.get(covered).context["rows"]] == [2]
    without = act(writer, covered, "set_aside", key=two.pk, reason="")
    assert without.status_code == 422
    act(writer, covered, "set_aside", key=two.pk, reason="It is about another subject.")
    assert coverage.coverage(desk.summary) == coverage.Coverage(2, 1, 1)
    aside = writer.get(f"{covered}?cover=aside")
    assert "It is about another subject." in words(aside)
    assert "Civil society 2 (100 %) 1 1 (100 %)" in words(aside)
    act(writer, covered, "take_back", key=desk.summary.set_aside.get().pk)
    assert coverage.coverage(desk.summary).open == 1


# Agreed


def test_the_whole_way_from_the_second_reader_to_a_reopened_summary(desk: Desk) -> None:
    desk.write("They ask for languages and fewer forms [1, 2].", 1)
    writer, reader, lead = (signed_in(each) for each in (desk.writer, desk.reader, desk.lead))
    way, draft = page(desk, "way"), page(desk, "draft")
    assert str(desk.writer.pk) not in dict(writer.get(way).context["ask"].fields["reader"].choices)
    act(writer, way, "ask_reader", reader=desk.reader.pk)
    assert "Your answer as the second reader" not in words(writer.get(draft))
    asked = reader.get(draft)
    assert "Your answer as the second reader" in words(asked)
    seen = asked.context["words"]
    without = act(reader, draft, "read", answer="no", remarks="", words=seen)
    assert without.status_code == 422
    assert "Say what is to be mended." in words(without)
    assert "To be mended" in words(without)
    act(reader, draft, "read", answer="yes", remarks="", words=seen)
    assert states.is_read(desk.summary)

    day = (NOW + timedelta(days=3)).date().isoformat()
    others = "guest@example.org, A Guest, An Organization\nnobody"
    wrong = act(writer, way, "open_window", day=day, clock="12:00", others=others)
    assert wrong.status_code == 422
    assert "No e-mail address: nobody." in words(wrong)
    assert "nobody</textarea>" in wrong.content.decode()
    act(writer, way, "open_window", day=day, clock="12:00", offered=["person@example.org"],
        others="guest@example.org, A Guest, An Organization")  # fmt: skip
    mailed = Message.objects.filter(rule="summary.draft").order_by("to")
    assert [each.to for each in mailed] == ["guest@example.org", "person@example.org"]
    guest = desk.summary.guests.get(email="guest@example.org")
    comment = desk.summary.comments.create(
        guest=guest, name="A Guest", text="Say which languages.", made_at=NOW
    )
    unanswered = act(writer, way, "answer", key=comment.pk, taken="not_taken", words="")
    assert "Say why the comment is not taken." in words(unanswered)
    act(writer, way, "answer", key=comment.pk, taken="taken", words="")
    act(writer, way, "close_window")

    act(lead, way, "finalise", meeting=desk.meeting.pk)
    shown = words(lead.get(way))
    assert "Final EG-7/1, since" in shown
    edition = Edition.objects.get()
    for ending, kind in (("docx", "application/vnd."), ("pdf", "application/pdf")):
        args = [desk.round.pk, "original", ending]
        sent = lead.get(reverse("admin:round_summary_file", args=args))
        assert sent["Content-Type"].startswith(kind)
        assert bytes(edition.files.get(form=ending).content) == sent.content
    late = act(writer, page(desk), "write", text="Too late [1].", key="", question="")
    assert late.status_code == 422
    assert "The summary is final, so nothing was changed." in words(late)
    assert "Too late [1].</textarea>" in late.content.decode()
    act(lead, way, "publish")
    assert 'href="/example-group/consultations/example-round/summary/"' in (
        lead.get(way).content.decode()
    )
    assert act(lead, way, "reopen", reason="").status_code == 422
    act(lead, way, "reopen", reason="A word was wrong.")
    desk.summary.refresh_from_db()
    assert desk.summary.final_at is None


def test_the_draft_is_given_as_files_and_what_is_not_there_is_not(
    desk: Desk, writer: Client
) -> None:
    desk.write("They ask for languages and fewer forms [1, 2].", 1)

    def address(*args: str) -> str:
        return reverse("admin:round_summary_file", args=[desk.round.pk, *args])

    sent = writer.get(address("draft", "txt"))
    assert "They ask for languages and fewer forms [1, 2]." in sent.content.decode()
    assert writer.get(address("original", "pdf")).status_code == 404
    assert writer.get(address("draft", "exe")).status_code == 404


# Whose


def test_another_groups_workbench_is_not_there(desk: Desk) -> None:
    other = signed_in(make_person(make_group("other-group"), "lead", "other@example.org"))
    for name in ("", "read", "coverage", "draft", "way"):
        assert other.get(page(desk, name)).status_code == 404


def test_acts_reach_no_row_of_another_round(desk: Desk, writer: Client) -> None:
    second: Consultation = make_round(desk.round.group, slug="second", key="2026-04")
    elsewhere: Contribution = make_contribution(second, Standing.PUBLISHED)
    tag = Tag.objects.create(consultation=second, name="Elsewhere")
    for name, typed in (
        ("rename_tag", {"key": tag.pk, "called": "Mine"}),
        ("remove_tag", {"key": tag.pk}),
        ("set_aside", {"key": elsewhere.pk, "reason": "Mine."}),
        ("mark", {"key": f"{elsewhere.pk}-", "new": "Mine", "words": "An example answer."}),
    ):
        assert act(writer, page(desk, "read"), name, **typed).status_code == 422
    assert str(Tag.objects.get()) == "Elsewhere"
    assert not TaggedPassage.objects.exists()


@pytest.mark.parametrize("many", [2, 8])
def test_the_pages_ask_as_often_for_many(
    desk: Desk, writer: Client, many: int, django_assert_num_queries: Any
) -> None:
    question = desk.question(1)
    for place in range(many):
        made = desk.contribution(answers={1: SAID}, email=f"more-{place}@example.org")
        desk.write(f"Statement {place} [{made.number}].", 1)
        act(writer, page(desk, "read"), "mark", key=f"{made.pk}-{question.pk}", new="Languages",
            words="more languages")  # fmt: skip
        desk.summary.comments.create(name="A Guest", text=f"Comment {place}", made_at=NOW)
    for query, name, most in (
        (f"?add={question.pk}", "", WRITE_QUERIES), ("", "read", READ_QUERIES),
        ("", "coverage", COVERAGE_QUERIES), ("", "way", WAY_QUERIES),
    ):  # fmt: skip
        writer.get(page(desk, name) + query)
        with django_assert_num_queries(most, info=name):
            writer.get(page(desk, name) + query)


def test_what_was_published_after_the_last_paragraph_is_pointed_out(
    desk: Desk, writer: Client
) -> None:
    desk.write("They ask for languages and fewer forms [1, 2].", 1)
    desk.contribution(at=AT + timedelta(days=1), email="late@example.org")
    assert "Contribution 3 was published after the last paragraph was written" in words(
        writer.get(page(desk))
    )
    assert finalising.held_up_by(desk.summary, NOW)[0] == (
        "1 published contribution is neither cited nor set aside: [3]."
    )


@pytest.mark.parametrize("key", ["9" * 5_000, "²", "٣", "-1", "\0"])
def test_a_key_that_is_none_names_no_paragraph(desk: Desk, writer: Client, key: str) -> None:
    desk.write("They ask for more languages [1].", 1)
    address = page(desk)
    assert writer.get(address, {"edit": key}).status_code == 200
    looked = act(writer, address, "look", key=key, text="What was typed.")
    assert looked.status_code == 200
    assert "What was typed." in words(looked)
    picked = act(writer, address, "look", put=f"[{key}]:{key}", text="What was typed.")
    assert picked.status_code == 200


@pytest.mark.parametrize("how", ["write", "stands"])
def test_what_a_cited_contribution_says_since_the_page_was_opened_counts_as_not_read(
    desk: Desk, writer: Client, how: str
) -> None:
    row = desk.write("They ask for more languages [1].", 1)
    one = desk.round.contributions.get(number=1)

    def changed() -> None:
        said = one.answers.get()
        said.text = f"{said.text} Please."
        said.save()
        standing.remember(one, "test.changed", one.standing, at=timezone.now())

    def send() -> list[str]:
        shown = writer.get(page(desk), {"edit": row.pk} if how == "write" else {})
        opened = re.search(r'name="opened" value="([^"]+)"', shown.content.decode())
        assert opened is not None
        row.refresh_from_db()
        facts = {"key": row.pk, "saves": row.saves, "opened": opened[1]}
        if "again" in meanwhile:
            changed()
        sent = act(writer, page(desk), how, text="They ask for many languages [1].", **facts)
        assert sent.status_code == 302
        return [each.rule for each in checks.check(desk.summary)]

    meanwhile: set[str] = {"again"}
    changed()
    assert send() == ["changed-since"]
    meanwhile.clear()
    assert send() == []
