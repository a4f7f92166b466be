"""The secretariat's site."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.views import shortcut
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone

from consultations.views import secretariat
from cwg.accounts.visits import last_visit
from cwg.cockpit import cockpit
from cwg.roles import may_anywhere, may_enter
from cwg.searching import find, read
from cwg.workplace import views as workplace
from meetings.access import viewed_as
from meetings.views import delegations, mails, promises, remarks
from meetings.views.meetings.addresses import addresses as meeting_addresses
from meetings.views.registering.addresses import addresses as document_addresses


class SecretariatSite(admin.AdminSite):
    """The pages on which the secretariat keeps the record."""

    site_title = "Secretariat"
    site_header = "Secretariat"
    index_title = "What stands next"
    enable_nav_sidebar = False  # the rooms stand in the bar; everything else on the home page

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Add the ledger, the mails, the search, and a way to a row's public page that asks who sees it."""
        ledger = [
            path("promises/", self.admin_view(promises.ledger), name="promises"),
            path("promises/<int:pk>/", self.admin_view(promises.promise), name="promise"),
            path(
                "promises/<int:pk>/decided/",
                self.admin_view(promises.decided),
                name="promise_decided",
            ),
            path(
                "promises/<int:pk>/decision/back/",
                self.admin_view(promises.decision_back),
                name="promise_decision_back",
            ),
        ]
        outbox = [
            path("mails/", self.admin_view(mails.outbox_list), name="mails"),
            path("mails/<int:pk>/", self.admin_view(mails.mail), name="mail"),
        ]
        to_the_site = path(
            "r/<path:content_type_id>/<path:object_id>/",
            self.admin_view(self.view_on_site),
            name="view_on_site",
        )
        search = path("search/", self.admin_view(self.search), name="search")
        said = [
            path(
                "meetings/<int:pk>/statements/",
                self.admin_view(remarks.statements),
                name="statements",
            ),
            path("meetings/<int:pk>/comments/", self.admin_view(remarks.comments), name="comments"),
        ]
        rounds = secretariat.addresses(self.admin_view)
        people = delegations.addresses(self.admin_view)
        running = [
            path("meetings/<int:pk>/", self.admin_view(workplace.meeting), name="meeting"),
            *meeting_addresses(self.admin_view),
        ]
        return [
            *ledger,
            *outbox,
            *people,
            *said,
            *running,
            *document_addresses(self.admin_view),
            *rounds,
            search,
            to_the_site,
            *super().get_urls(),
        ]

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in whoever has a role today, and administrators."""
        return may_enter(request.user)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Add the rooms that the bar leads to, and whether the person may look as another role."""
        home = reverse("admin:index")
        rooms = [
            ("Meetings", reverse("admin:meetings_meeting_changelist")),
            ("Documents", reverse("admin:documents")),
            ("Consultations", reverse("admin:consultations_consultation_changelist")),
            ("Reports", reverse("admin:report_report_changelist")),
            ("Promises", reverse("admin:promises")),
            ("The record", f"{home}#record"),
        ]
        if may_anywhere(request.user, "meetings.view_message", timezone.localdate()):
            rooms.insert(5, ("Mails", reverse("admin:mails")))
        if may_anywhere(request.user, secretariat.MODERATE, timezone.localdate()):
            rooms.insert(3, ("Contributions", reverse("admin:contributions")))
        may_see_delegations = may_anywhere(
            request.user, "meetings.view_delegateterm", timezone.localdate()
        )
        may_view_as = may_anywhere(request.user, "site.view_as", timezone.localdate())
        viewing = viewed_as(request.user) is not None
        return {
            **super().each_context(request), "rooms": rooms, "home": home,
            "may_view_as": may_view_as and not viewing, "searched": "",
            "may_see_delegations": may_see_delegations,
        }  # fmt: skip

    def view_on_site(
        self, request: HttpRequest, content_type_id: str, object_id: str
    ) -> HttpResponse:
        """Go to the public page of a row that the person sees here."""
        model = next(
            (
                model
                for model in self._registry
                if str(ContentType.objects.get_for_model(model).pk) == content_type_id
            ),
            None,
        )
        pages = self._registry[model] if model is not None else None
        if pages is None or pages.get_object(request, object_id) is None:
            raise Http404
        return shortcut(request, content_type_id, object_id)

    def search(self, request: HttpRequest) -> HttpResponse:
        """Show what in the record of the person's groups fits what was typed."""
        asked = read(request.GET.get("q", ""))
        context = {
            **self.each_context(request), "title": "Search", "asked": asked, "searched": asked.text,
            "subtitle": f"Search for “{asked.text}”" if asked else "",
            "found": find(asked, request.user, timezone.localdate()),
        }  # fmt: skip
        return TemplateResponse(request, "admin/search.html", context)

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Send people to the one sign-in page, which knows second factors and limits guessing."""
        if request.user.is_authenticated:
            raise PermissionDenied  # signed in, but with no role: signing in again changes nothing
        return redirect_to_login(
            request.GET.get("next", reverse("admin:index")), reverse("account_login")
        )

    def password_change(  # type: ignore[override]  # a redirect is no page of a template
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Send people to the one page on which passwords change, which limits guessing."""
        return redirect("account_change_password")

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Show the cockpit: what needs an act."""
        now = timezone.now()
        person: Any = request.user
        shown = cockpit(person, now, last_visit(person, now))
        context = {"cockpit": shown, **(extra_context or {})}
        return super().index(request, context)
