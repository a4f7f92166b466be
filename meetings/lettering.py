"""The numbers an official text counts with: letters and small roman figures."""

from __future__ import annotations


def letter(place: int) -> str:
    """Return the letter of `place`, from 1: a … z, aa, ab, as Council documents count on."""
    letters = ""
    while place > 0:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


def roman(place: int) -> str:
    """Return `place`, from 1 to 3,999, in small roman figures: i, ii, iii, iv."""
    figures = ""
    for value, figure in (
        (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
        (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
    ):  # fmt: skip
        count, place = divmod(place, value)
        figures += figure * count
    return figures
