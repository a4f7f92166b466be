"""What a page makes hard for people: the rules of axe-core, and some that it leaves to the eye."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from playwright.sync_api import Page

# axe leaves the smallest target of WCAG 2.2 out unless asked.
OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
FINGER = 44  # CSS pixels
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

_SMALL_TARGETS = """smallest => {
  const seen = element => element.checkVisibility() && element.getClientRects().length;
  // A link inside a sentence may be as low as its line.
  const alone = link => {
    const block = link.closest("p, dd, dt, li, td, th, nav, h1, h2, h3, div, section, body");
    const other = [...block.childNodes].filter(n => n.nodeType === Node.TEXT_NODE);
    return !other.some(n => /[^\\s\\/·,:]/.test(n.textContent));
  };
  // What only the keyboard reaches is not pressed with a finger.
  return [...document.querySelectorAll("a[href], button, select, summary, input:not([type=hidden])")]
    .filter(element => !element.matches(".skip, .skip-to-content-link") && seen(element))
    .filter(element => element.tagName !== "A" || alone(element))
    // A box is pressed by the label around it too.
    .map(element => [element, (element.closest("label") ?? element).getBoundingClientRect()])
    .filter(([, box]) => box.height < smallest)
    .map(([element, box]) => `${Math.round(box.height)} px: ${element.outerHTML.slice(0, 120)}`);
}"""


@cache
def _axe() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """Return what axe-core finds wrong on `page` as it stands: the rule, the place, the reason.

    The script is run from outside the page, which the content security policy does not see.
    """
    page.wait_for_load_state()
    page.evaluate(f"() => {{ {_axe()} }}")
    found: dict[str, Any] = page.evaluate("options => axe.run(options)", OPTIONS)
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def looks(page: Page) -> Iterator[str]:
    """Show `page` at two widths, by day and by night, and name each."""
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            yield f"{width} {scheme}"


def not_for_everybody(page: Page) -> dict[str, object]:
    """Return what is wrong with `page` as it stands, by look; nothing where everybody can use it."""
    wrong: dict[str, object] = {look: found for look in looks(page) if (found := violations(page))}
    page.set_viewport_size({"width": 390, "height": 900})
    if (measured := (too_wide(page), small_targets(page))) != (0, []):
        wrong["390 measured"] = measured
    return wrong


def too_wide(page: Page) -> int:
    """Return by how many pixels `page` is wider than its window: a reader would scroll sideways."""
    page.wait_for_load_state()
    wider: int = page.evaluate(
        "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return wider


def small_targets(page: Page) -> list[str]:
    """Return what is pressed on `page`, is no link inside a sentence, and is lower than a finger."""
    found: list[str] = page.evaluate(_SMALL_TARGETS, FINGER)
    return found
