"""Writes that the history would miss are found, unless their line says why."""

import pytest

from tools.bulk_writes import found


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Meeting.objects.bulk_create(rows)", ["bulk_create"]),
        ("Meeting.objects.bulk_update(rows, ['place'])", ["bulk_update"]),
        ("Meeting.objects.filter(pk=1).update(place='')", ["update"]),
        ("Meeting.objects.filter(pk=1)._raw_delete('default')", ["_raw_delete"]),
        ("cursor.execute('DELETE FROM meetings_meeting')", ["execute"]),
        ("Meeting.objects.bulk_create(rows)  # bulk: nothing stood here before", []),
        ("context.update({'a': 1})", []),
        ("digest.update(data)", []),
        ("meeting.save()", []),
    ],
)
def test_found(line: str, names: list[str]) -> None:
    assert [name for _, name in found(line)] == names


def test_the_line_is_named() -> None:
    assert list(found("a = 1\nrows.bulk_create(a)\n")) == [(2, "bulk_create")]
