"""What belongs to two groups is not joined, whoever has a role in both; and a row stays in its group."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import models
from django.test import Client
from django.urls import reverse

from consultations.models import Consultation, ConsultationTopic, Question
from meetings.models import (
    AgendaItem,
    Chairing,
    Document,
    Meeting,
    Officer,
    Outcome,
    RoleTerm,
    Topic,
    WorkingGroup,
)
from tests.conftest import signed_in
from tests.two_groups import LONG_AGO, make_group, make_person, make_rows, make_shared


@pytest.fixture
def own(db: None) -> WorkingGroup:
    """Make two groups, each with a row of every kind."""
    shared = make_shared()
    group = make_group("own")
    make_rows(group, shared)
    make_rows(make_group("foreign"), shared)
    return group


@pytest.fixture
def foreign(own: WorkingGroup) -> WorkingGroup:
    """The other group."""
    return WorkingGroup.objects.get(slug="foreign")


@pytest.fixture
def lead(own: WorkingGroup, foreign: WorkingGroup) -> Client:
    """Give a browser of somebody who is lead in both groups."""
    person = make_person(own, RoleTerm.Role.LEAD)
    RoleTerm.objects.create(person=person, group=foreign, role="lead", from_day=LONG_AGO)
    return signed_in(person)


def of(group: WorkingGroup, model: type[models.Model]) -> Any:
    """Give the group's row of a kind."""
    path = "meeting__group" if model is Outcome else "group"
    return model._default_manager.get(**{path: group})


def sent(client: Client, address: str, **changed: Any) -> Any:
    """Send a form of the site as it is shown, with the boxes `changed`."""
    shown = client.get(address).context
    forms = [shown["adminform"].form]
    for inline in shown["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    data: dict[str, Any] = {}
    for form in forms:
        for box in form:
            value = box.value()
            boxes = getattr(box.field.widget, "widgets_names", [""])
            parts = box.field.widget.decompress(value) if len(boxes) > 1 else [value]
            for name, part in zip(boxes, parts, strict=True):
                data[box.html_name + name] = "" if part is None else part
    return client.post(address, {**data, **changed})


def refused(answer: Any) -> dict[str, list[str]]:
    """Give what a form says, by the box at which it says it."""
    assert answer.status_code == 200
    forms = [answer.context["adminform"].form]
    for inline in answer.context["inline_admin_formsets"]:
        forms += inline.formset.forms
    return {
        form.add_prefix(name): list(said) for form in forms for name, said in form.errors.items()
    }


JOINS: list[tuple[type[models.Model], str, type[models.Model], str]] = [
    (Topic, "proposed_in", Document, "document"),
    (Consultation, "decided_by", Outcome, "outcome"),
    (Consultation, "called_by", Officer, "officer"),
    (Consultation, "meeting", Meeting, "meeting"),
]


@pytest.mark.parametrize(("model", "field", "other", "name"), JOINS)
def test_a_form_joins_rows_of_one_group_only(
    lead: Client,
    own: WorkingGroup,
    foreign: WorkingGroup,
    model: type[models.Model],
    field: str,
    other: type[models.Model],
    name: str,
) -> None:
    row, theirs = of(own, model), of(foreign, other)
    before = getattr(row, f"{field}_id")
    address = reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_change", args=[row.pk])
    offered: Any = lead.get(address).context["adminform"].form.fields[field]
    assert theirs in offered.queryset
    answer = sent(lead, address, **{field: theirs.pk})
    assert refused(answer) == {field: [f"This {name} is one of another group."]}
    assert answer.context["adminform"].form[field].value() == str(theirs.pk)
    row.refresh_from_db()
    assert getattr(row, f"{field}_id") == before
    ours = of(own, other)
    assert sent(lead, address, **{field: ours.pk}).status_code == 302
    row.refresh_from_db()
    assert getattr(row, field) == ours


ROWS: list[tuple[type[models.Model], type[models.Model], str, type[models.Model], str]] = [
    (Meeting, Chairing, "chairings", Officer, "officer"),
    (Consultation, ConsultationTopic, "consultation_topics", Topic, "topic"),
]


@pytest.mark.parametrize(("model", "part", "prefix", "other", "name"), ROWS)
def test_a_row_below_a_form_joins_rows_of_one_group_only(
    lead: Client,
    own: WorkingGroup,
    foreign: WorkingGroup,
    model: type[models.Model],
    part: type[models.Model],
    prefix: str,
    other: type[models.Model],
    name: str,
) -> None:
    row = of(own, model)
    address = reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_change", args=[row.pk])
    new = {f"{prefix}-TOTAL_FORMS": 1, f"{prefix}-0-position": 1}
    answer = sent(lead, address, **new, **{f"{prefix}-0-{name}": of(foreign, other).pk})
    assert refused(answer) == {f"{prefix}-0-{name}": [f"This {name} is one of another group."]}
    assert not part._default_manager.exists()
    answer = sent(lead, address, **new, **{f"{prefix}-0-{name}": of(own, other).pk})
    assert answer.status_code == 302
    assert getattr(part._default_manager.get(), name) == of(own, other)


def nested(model: type[models.Model], row: Any) -> tuple[Any, Any, str]:
    """Make two rows below each other in `row`; give them and the prefix of their form."""
    of_meeting = model is Meeting
    kind: Any = AgendaItem if of_meeting else Question
    whole, words = ("meeting", "title") if of_meeting else ("consultation", "text")
    facts = {whole: row, "position": 1}
    above = kind.objects.create(**facts, **{words: {"en": "Above"}})
    below = kind.objects.create(**facts, **{words: {"en": "Below"}}, parent=above)
    return above, below, "agenda_items" if of_meeting else "questions"


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (Meeting, "This agenda item is one of another meeting."),
        (Consultation, "This question is one of another consultation."),
    ],
)
def test_a_row_stands_below_one_of_its_own_meeting_or_round_only(
    lead: Client, own: WorkingGroup, model: type[models.Model], said: str
) -> None:
    row = of(own, model)
    other: Any = type(row)._default_manager.get(pk=row.pk)
    other.pk, other._state.adding = None, True
    if model is Meeting:
        other.ordinal = 2
    else:
        other.slug, other.key = "other-round", "2031-01"
    other.save()
    above, below, prefix = nested(model, row)
    strange, _, _ = nested(model, other)
    address = reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_change", args=[row.pk])
    place = next(
        f"{prefix}-{number}"
        for number in range(2)
        if sent_rows(lead, address, prefix)[number] == below.pk
    )
    answer = sent(lead, address, **{f"{place}-parent": strange.pk})
    assert refused(answer) == {f"{place}-parent": [said]}
    for mine, theirs in ((above, below), (below, below)):
        mine.parent = theirs
        with pytest.raises(ValidationError) as loop:
            mine.full_clean()
        assert loop.value.message_dict["parent"] == [
            f"This {below._meta.verbose_name} cannot stand below itself."
        ]


def sent_rows(client: Client, address: str, prefix: str) -> list[int]:
    """Give the keys of the rows that a form of the site shows below itself."""
    inlines = client.get(address).context["inline_admin_formsets"]
    formset = next(each.formset for each in inlines if each.formset.prefix == prefix)
    return [form.instance.pk for form in formset.forms]


# A document has no form here: what is done with it is an act (meetings.registering)
@pytest.mark.parametrize("model", [Meeting, Topic, Officer, Consultation])
def test_a_row_stays_with_its_group(
    lead: Client, own: WorkingGroup, foreign: WorkingGroup, model: type[models.Model]
) -> None:
    row = of(own, model)
    address = reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_change", args=[row.pk])
    said = "It stays with its group, where others name it. Add it anew in the other."
    assert refused(sent(lead, address, group=foreign.pk))["group"] == [said]
    row.refresh_from_db()
    assert row.group == own


def test_every_relation_between_rows_of_groups_is_held_to_one_group() -> None:
    """A new relation in a form of the site stands here, or is refused by a rule of its own."""
    found = set()
    for model in admin.site._registry:
        site: Any = admin.site._registry[model]
        for each in (model, *(inline.model for inline in site.inlines)):
            if each._meta.app_label not in {"meetings", "consultations", "report"}:
                continue
            for field in each._meta.get_fields():
                related = field.related_model if field.concrete and field.many_to_one else None
                if related in {Document, Meeting, Officer, Outcome, Topic} and field.editable:
                    found.add(f"{each._meta.model_name}.{field.name}")
    asked = {f"{model._meta.model_name}.{field}" for model, field, _, _ in JOINS}
    asked |= {f"{part._meta.model_name}.{name}" for _, part, _, _, name in ROWS}
    parents = {"chairing.meeting", "agendaitem.meeting"}
    # a document has no form in the site: `meetings.registering` saves it, by the rule below
    assert found == asked | parents | {"report.signed_by", "document.meeting"}


def test_a_document_names_a_meeting_of_its_own_group_and_stays_with_it(
    own: WorkingGroup, foreign: WorkingGroup
) -> None:
    row = of(own, Document)
    row.meeting = of(foreign, Meeting)
    with pytest.raises(ValidationError) as refused_:
        row.full_clean()
    assert refused_.value.message_dict == {"meeting": ["This meeting is one of another group."]}
    row.refresh_from_db()
    row.group = foreign
    with pytest.raises(ValidationError) as refused_:
        row.full_clean()
    said = "It stays with its group, where others name it. Add it anew in the other."
    assert refused_.value.message_dict["group"] == [said]


FILES: list[tuple[dict[str, Any], str]] = [
    ({"documents": [{"key": "d", "title": {"en": "D"}, "meeting": "19"}]},
     "documents[1].meeting: “19” does not stand in this file"),
    ({"topics": [{"key": "t", "title": {"en": "T"}, "proposed_in": "19-1"}]},
     "topics[1].proposed_in: “19-1” does not stand in this file"),
    ({"meetings": [{"number": 1, "series": "own", "first_day": "2024-02-01", "last_day": "2024-02-01",
                    "chaired_by": [{"officer": "berezowski"}]}]},
     "meetings[1].chaired_by[1].officer: “berezowski” does not stand in this file"),
    ({"consultations": [{"slug": "r", "key": "2024-02", "decided_by": "19/a"}]},
     "consultations[1].decided_by: “19/a” does not stand in this file"),
    ({"consultations": [{"slug": "r", "key": "2024-02", "called_by": "berezowski"}]},
     "consultations[1].called_by: “berezowski” does not stand in this file"),
    ({"consultations": [{"slug": "r", "key": "2024-02", "meeting": "19"}]},
     "consultations[1].meeting: “19” does not stand in this file"),
    ({"consultations": [{"slug": "r", "key": "2024-02", "topics": ["lldcs"]}]},
     "consultations[1].topics[1]: “lldcs” does not stand in this file"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "refusal"), FILES)
def test_a_record_file_names_no_row_of_another_group(
    group: WorkingGroup, tmp_path: Path, said: dict[str, Any], refusal: str
) -> None:
    meeting = Meeting.objects.get(group=group, ordinal=19)
    Document.objects.create(group=group, key="19-1", meeting=meeting, title={"en": "D"})
    file = tmp_path / "record.yaml"
    record = {"format": 1, "group": {"slug": "other", "names": [{"acronym": {"en": "OTHER"}}]}}
    file.write_text(yaml.dump({**record, **said}, allow_unicode=True, sort_keys=False))
    with pytest.raises(CommandError) as answer:
        call_command("load_record", str(file), stdout=StringIO())
    assert str(answer.value).endswith(refusal)
    assert not WorkingGroup.objects.filter(slug="other").exists()


def test_what_is_refused_is_refused_together(own: WorkingGroup, foreign: WorkingGroup) -> None:
    row = Consultation(group=own, slug="new", key="2030-01", meeting=of(foreign, Meeting))
    row.called_by = of(foreign, Officer)
    with pytest.raises(ValidationError) as answer:
        row.full_clean()
    assert answer.value.message_dict == {
        "called_by": ["This officer is one of another group."],
        "meeting": ["This meeting is one of another group."],
    }
