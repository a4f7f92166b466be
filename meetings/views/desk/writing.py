"""A draft, part by part: about, text and files, co-sponsors, a topic to propose, check and submit."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages as told
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.http.request import UnreadablePostError
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from meetings import drafting, proposing, submitting, submitting_mails
from meetings.access import may_submit
from meetings.drafting import DraftingError, Part, StaleError
from meetings.files import NotStoredError
from meetings.forms.drafts import (
    AboutForm,
    BegunForm,
    PartForm,
    SourcesForm,
    StampForm,
    TextForm,
    TopicForm,
)
from meetings.frame import frame
from meetings.languages import in_any_language
from meetings.models import Document, Meeting, MemberState, WorkingGroup
from meetings.uploads.handler import PatientUploadHandler
from meetings.views.desk import at_desk, my_group, page, reading
from meetings.views.desk.documents import must_submit, own_or_404, said, to
from meetings.wording.messages import messages

# Word and PDF of one language, and all the words
LARGEST_BODY = 28 * 1024 * 1024
TOO_BIG = "This is more than one page can take. What was saved before stays kept: go back."
CUT = (
    "What you sent did not come in whole. Nothing of it was saved: look it over and send it again."
)
NO_ROOM = (
    "There is no room to store anything just now. What was saved before stays kept: try later."
)
FORMS: dict[str, type[PartForm]] = {
    Part.ABOUT: AboutForm, Part.TEXT: TextForm, Part.SOURCES: SourcesForm, Part.TOPIC: TopicForm,
}  # fmt: skip
STEPS = (*(part.value for part in Part), "check")
NAMES = {part.value: FORMS[part].heading for part in Part} | {"check": "Check and submit"}
_UNTYPED = {"csrfmiddlewaretoken", "saves", "whole", "to", "without", "begun", "file_language"}

type View = Callable[..., HttpResponseBase]
logger = logging.getLogger(__name__)


def writing(view: View) -> View:
    """Guard a page of the desk to which files come: sizes, and files taken one by one.

    The check against forged forms reads the form, so it runs here, once the files have their
    handler.
    """
    inner = csrf_protect(at_desk(view))

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **rest: Any) -> HttpResponseBase:
        try:
            if _length(request) > LARGEST_BODY:
                raise RequestDataTooBig
            request.upload_handlers = [PatientUploadHandler(request)]
            answer: HttpResponseBase = inner(request, *args, **rest)
        except (RequestDataTooBig, TooManyFilesSent):
            answer = said(request, None, "Too much at once", TOO_BIG, status=413)
        except UnreadablePostError:
            answer = said(request, None, "Not whole", CUT, status=400)
        except (NotStoredError, OperationalError) as problem:
            logger.exception("A draft could not be stored")
            words = str(problem) if isinstance(problem, NotStoredError) else NO_ROOM
            answer = said(None, None, "Not possible now", words, status=503, typed=_typed(request))
        return answer

    decorated: View = csrf_exempt(require_http_methods(["GET", "HEAD", "POST"])(guarded))
    return decorated


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _typed(request: HttpRequest) -> list[str]:
    """Return the words of a form that could not be kept, for who typed them to take along."""
    return [
        text
        for name, texts in request.POST.lists()
        for text in texts
        if name not in _UNTYPED and len(text) > 2 and not text.isdigit()
    ]


@writing
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask what a new contribution is about; that makes the draft."""
    group, me = my_group(request, slug)
    day, at = timezone.localdate(), timezone.now()
    key = BegunForm(request.POST)
    begun = key.cleaned_data["begun"] if key.is_valid() else ""
    begun = begun or secrets.token_hex(10)
    form = AboutForm(request.POST if request.method == "POST" else None, group=group, day=day)
    meetings = Meeting.objects.taking_documents(day).filter(group=group)
    taking = list(meetings.select_related("group").prefetch_related("group__names"))
    if not taking:
        words = "No meeting of the Group takes documents now. The next one is announced here."
        return said(
            request, group, "No meeting to write to", words, status=409, typed=_typed(request)
        )
    if request.method == "POST" and "whole" not in request.POST:
        form.add_error(None, CUT)
    if form.is_valid():
        person: Any = request.user
        try:
            made = drafting.begin(
                form.cleaned_data["meeting"], MemberState.objects.get(pk=me.member_state),
                form.change(), by=person, at=at, form_key=begun,
            )  # fmt: skip
        except DraftingError as problem:
            return said(
                request, group, "Not possible now", str(problem), status=409, typed=_typed(request)
            )
        return _go_on(request, group, made, Part.TEXT)
    context = {
        **frame(group), "form": form, "step": Part.ABOUT.value, "names": NAMES, "begun": begun,
        "deadlines": [
            (each, each.documents_deadline().words(messages("en"))) for each in taking
        ],
        "relation": "", "document": None, "stamp": 0, "theirs": [], "files": [], "focal": me.focal_point,
        "wrong_count": _count(form),
    }  # fmt: skip
    return page(request, "document_write.html", context, form)


def _count(form: PartForm) -> int:
    return sum(map(len, form.errors.values())) if form.is_bound else 0


@writing
def step(request: HttpRequest, slug: str, pk: int, part: str) -> HttpResponse:
    """Show one part of a draft, and keep what was typed in it."""
    group, me, held = own_or_404(request, slug, pk)
    if not held.is_draft:
        if request.method != "POST":
            return to("document", held, group)
        words = str(drafting.NotDraftError(held))
        return said(request, group, "Submitted meanwhile", words, status=409, typed=_typed(request))
    day, at = timezone.localdate(), timezone.now()
    if request.method != "POST":
        form = _form(part, None, document=held, group=group, day=day)
        return _shown(request, group, held, form, focal=me.focal_point, stamp=held.saves)
    # stands last in each form: without it the form was cut, and a box may hold half of its words
    came = "whole" in request.POST
    whole = {"whole": came} if part == Part.TEXT else {}
    form = _form(part, request.POST, request.FILES, document=held, group=group, day=day, **whole)
    form.is_valid()
    stamp = StampForm(request.POST)
    read = stamp.cleaned_data["saves"] if stamp.is_valid() else 0
    person: Any = request.user
    if not came:
        form.add_error(None, CUT)
        return _shown(request, group, held, form, focal=me.focal_point, stamp=read)
    try:
        saved = drafting.save(held, part, form.change(), saves=read, by=person, at=at)
    except StaleError as stale:
        return _beside(request, group, form, me.focal_point, stale)
    except DraftingError as problem:
        return said(
            request, group, "Not possible now", str(problem), status=409, typed=_typed(request)
        )
    if form.errors:
        return _shown(
            request, group, saved.document, form, focal=me.focal_point, stamp=saved.document.saves
        )
    if saved.asked_anew:
        names = ", ".join(saved.asked_anew)
        told.warning(
            request,
            f"{names} had answered the text as it was, and is pending again: ask once more.",
        )
    if "ask" in request.POST and me.focal_point:
        _ask(request, saved.document)
        return to("document_sources", saved.document, group)
    return _go_on(request, group, saved.document, _after(part))


def _form(part: str, *args: Any, **kwargs: Any) -> PartForm:
    return FORMS[part](*args, **kwargs)


def _after(part: str) -> str:
    return STEPS[STEPS.index(part) + 1]


def _go_on(
    request: HttpRequest, group: WorkingGroup, document: Document, then: str
) -> HttpResponse:
    """Lead to the step that was pressed, to the same one after a file was removed, else to the next."""
    asked = request.POST.get("to", "")
    if asked == "document":
        told.success(request, "Saved as a draft. Nothing was submitted.")
        return to("document", document, group)
    if "without" in request.POST:
        then = Part.TEXT.value
    elif asked in STEPS:
        then = asked
    return to(f"document_{then}", document, group)


def _ask(request: HttpRequest, document: Document) -> None:
    person: Any = request.user
    asked = submitting.ask_co_sponsors(document, by=person, at=timezone.now())
    if asked:
        names = ", ".join(map(str, asked))
        told.success(request, f"Asked to confirm: {names}. Their delegations read the draft now.")
    else:
        told.info(request, "No co-sponsor is pending.")


def _beside(
    request: HttpRequest, group: WorkingGroup, form: PartForm, focal: bool, stale: StaleError
) -> HttpResponse:
    """Show what was typed with a colleague's words beside it; nothing was saved."""
    now = stale.document
    fresh = _form(form.part, None, document=now, group=group, day=timezone.localdate())
    theirs = form.differing(fresh)
    form.add_error(None, str(stale))
    if "files" in form.fields and form.cleaned_data.get("files"):
        form.add_error("files", "Add the files again: none was kept with what was not saved.")
    return _shown(request, group, now, form, focal=focal, stamp=now.saves, theirs=theirs)


def _shown(
    request: HttpRequest, group: WorkingGroup, document: Document, form: PartForm, *, focal: bool,
    stamp: int, theirs: list[tuple[str, str, str]] | None = None,
) -> HttpResponse:  # fmt: skip
    meeting = document.meeting
    context = {
        **frame(group), "form": form, "step": str(form.part), "names": NAMES, "begun": "",
        "document": document, "stamp": stamp, "theirs": theirs or [], "focal": focal,
        "relation": reading.relation_words(document), "deadlines": [],
        "name": in_any_language(document.title), "wrong_count": _count(form),
        "deadline": meeting.documents_deadline().words(messages("en")) if meeting else "",
        "late": submitting.is_late(document, timezone.now()),
        "files": list(document.files.all()) if form.part == Part.TEXT else [],
    }  # fmt: skip
    if form.part == Part.SOURCES:
        sources = document.sources.select_related("member_state")
        context["sources"] = [(each, reading.source_words(each)) for each in sources]
    if form.part == Part.TOPIC:
        context["earlier"] = proposing.earlier(group, document.member_state_id, form.words("title"))
        context["titled"] = bool(form.words("title"))
    return page(request, "document_write.html", context, form)


@require_safe
@at_desk
def preview(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show a draft as members of the Group will read it."""
    group, _, held = own_or_404(request, slug, pk)
    context = {**frame(group), **reading.shown(held)}
    return page(request, "document_preview.html", context)


@at_desk
def check(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show what will be submitted and what it lacks; submit it."""
    group, _, held = own_or_404(request, slug, pk)
    if request.method == "POST":
        return _submit(request, group, held)
    if not held.is_draft:
        return to("document", held, group)
    return _checked(request, group, held)


def _submit(request: HttpRequest, group: WorkingGroup, held: Document) -> HttpResponse:
    must_submit(request, held)
    person: Any = request.user
    stamp = StampForm(request.POST)
    read = stamp.cleaned_data["saves"] if stamp.is_valid() else 0
    try:
        submitting.submit(held, by=person, at=timezone.now(), saves=read)
    except (submitting.IncompleteError, submitting.ChangedMeanwhileError) as problem:
        _, _, held = own_or_404(request, group.slug, held.pk)
        return _checked(request, group, held, problem)
    except (submitting.SubmittingError, DraftingError) as problem:
        return said(request, group, "Not possible now", str(problem), status=409)
    return to("document", held, group)


def _checked(
    request: HttpRequest, group: WorkingGroup, held: Document, problem: Exception | None = None
) -> HttpResponse:
    at = timezone.now()
    focal = may_submit(request.user, held, timezone.localdate())
    points = submitting_mails.focal_points(held, held.member_state_id, at)
    lacking = submitting.lacks(held)
    changed = str(problem) if isinstance(problem, submitting.ChangedMeanwhileError) else ""
    context = {
        **frame(group), **reading.shown(held), "step": "check", "names": NAMES,
        "name": in_any_language(held.title), "stamp": held.saves,
        "lacking": [(f"desk:document_{each.part}", each.words) for each in lacking],
        "is_late": submitting.is_late(held, at), "focal": focal, "changed": changed,
        "focal_points": [] if focal else [str(each.person) for each in points],
        "refused": problem is not None,
        "takes": drafting.takes(held.meeting, at),
        "pending": [e for e in held.sources.select_related("member_state") if e.is_pending],
    }  # fmt: skip
    proposal = context["proposal"]
    context["earlier"] = (
        proposing.earlier(group, held.member_state_id, proposal["title"].words) if proposal else []
    )
    answer = page(request, "document_check.html", context)
    if problem is not None:
        answer.status_code = 409 if changed else 422
    return answer


@at_desk
def delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask whether a draft is to be deleted, and delete it."""
    group, _, held = own_or_404(request, slug, pk)
    if request.method == "POST":
        try:
            drafting.delete(held)
        except DraftingError as problem:
            return said(request, group, "Not possible now", str(problem), status=409)
        told.success(request, "The draft is deleted.")
        return HttpResponseRedirect(reverse("desk:documents", args=[group.slug]))
    if not held.is_draft:
        return to("document", held, group)
    context = {**frame(group), "document": held, "name": in_any_language(held.title)}
    return page(request, "document_delete.html", context)
