"""Note every address that a test visits; a whole run that leaves one out has failed.

Loaded as a pytest plugin by tests/conftest.py. A run of a part of the tests is not held to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.deprecation import MiddlewareMixin

# The address and the reason why no test has to go there.
NEED_NO_VISIT: dict[str, str] = {
    "secretariat/r/<path:content_type_id>/<path:object_id>/": "Django's; pages link by themselves",
    "secretariat/jsi18n/": "Django's words for its own scripts",
    "secretariat/autocomplete/": "Django's; tried with each form that uses it in a browser",
    "secretariat/(?P<url>.*)$": "Django's net under the secretariat's site",
}

visited: set[str] = set()


class NoteTheAddress(MiddlewareMixin):
    """Note the pattern of each address that was found."""

    def process_view(self, request: HttpRequest, *args: Any) -> None:
        """Note it before the view can fail."""
        if request.resolver_match is not None:
            visited.add(request.resolver_match.route)


def all_routes(
    patterns: list[URLPattern | URLResolver] | None = None, before: str = ""
) -> Iterator[str]:
    """Yield every route of the site as `ResolverMatch.route` writes it."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        here = str(pattern.pattern)
        route = before + (here.removeprefix("^") if before else here)
        if isinstance(pattern, URLResolver):
            yield from all_routes(pattern.url_patterns, route)
        else:
            yield route


def left_out() -> list[str]:
    """Give the routes that no test visited and that no reason excuses."""
    return sorted({*all_routes()} - visited - {*NEED_NO_VISIT})


def is_whole_run(config: pytest.Config) -> bool:
    """Say whether nothing narrowed the run."""
    return (
        config.args_source is pytest.Config.ArgsSource.TESTPATHS
        and not config.option.keyword
        and not config.option.markexpr
        and not config.option.collectonly
    )


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """Take over what a worker of a parallel run visited."""
    visited.update(getattr(node, "workeroutput", {}).get("visited", ()))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Hand the addresses on, or fail the run that left some out."""
    config = session.config
    if hasattr(config, "workeroutput"):
        config.workeroutput["visited"] = sorted(visited)
    elif exitstatus == pytest.ExitCode.OK and is_whole_run(config) and left_out():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, exitstatus: int, config: pytest.Config) -> None:
    """Name the addresses that were left out."""
    if is_whole_run(config) and left_out():
        terminalreporter.section("addresses that no test visited")
        for route in left_out():
            terminalreporter.line(f"/{route}")
