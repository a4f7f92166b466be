from cwg.report.checks import check
from cwg.report.models import Report


def test_clean(clean: Report) -> None:
    for f in check(clean): print(f.rule, f.place, f.sentence)
    assert [f for f in check(clean) if f.rule != "by-hand"] == []
