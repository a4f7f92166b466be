"""Each rule: a clean twin in which there is nothing to find, and at least three broken records."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import transaction

from cwg.report.checks import RULES
from cwg.report.models import Passage, Report
from meetings.models import OutcomeTopic, Settlement, Topic
from tests.report.checks.breaking import (
    Change,
    also_cites,
    both,
    cites,
    extended,
    former_name,
    found,
    free,
    gone,
    meeting,
    new_meeting,
    new_outcome,
    of_report,
    officer,
    opens_with,
    outcome,
    outcome_of,
    purpose,
    revision,
    round_of,
    says,
    session,
    unsettled,
)

WHY = {"wording_reason": "The Group asked for it."}


def hand(which: str, text: str) -> Change:
    return outcome(which, wording={"en": text}, **WHY)


def introduction(text: str) -> Change:
    return lambda report: Passage.objects.filter(report=report, key="mandate").update(
        text={"en": text}
    )


def swap_topic(which: str, topic: str) -> Change:
    return lambda report: OutcomeTopic.objects.filter(outcome=outcome_of(which)).update(
        topic=Topic.objects.get(key=topic)
    )


# rule: (broken record, where the finding stands)
BROKEN: dict[str, list[tuple[Change, str]]] = {
    "bracket-unbalanced": [
        (says("The Group met (twice in 2024."), "3.1"),
        (says("The Group met twice in 2024) and adjourned."), "3.1"),
        (says("The Group “took note of the report."), "3.1"),
        (says("The Group took note of the report” of the Chair."), "3.1"),
        (says('The Group took "note of the report.'), "3.1"),
        (says("The Group took ‘note of the report."), "3.1"),
        (says("The list (see [annex) is long."), "3.1"),
        (says("The “list (see annex” is long."), "3.1"),
        (free("The Group took note (see the annex; and closed."), "2.2 e)"),
        (outcome("12/c", action={"en": "the report (document 2"}), "2.1 c)"),
        (new_outcome(14, kind="agreed", action={"en": "this"}, point="a point (left open;"), "2.2 f) (i)"),
        (purpose("This Report (of {{ group.acronym }} is in line with {{ instruments }}."), "cover: Purpose"),
    ],
    "editor-bracket": [
        (says("The Group met on [date to be confirmed] in Geneva."), "3.1"),
        (free("The Group agreed on the text [check with the Chair]."), "2.2 e)"),
        (says("The Group thanks [the host]."), "3.1"),
        (says("The title “On lakes [check the title]” was agreed."), "3.1"),
        (says("The Group met [...] and adjourned."), "3.1"),
    ],
    "slot-unresolved": [
        (says("The {{ group.acronim }} met."), "3.1"),
        (free("The Group agreed on {{ topic }}."), "2.2 e)"),
        (says("The {{Group}} met."), "3.1"),
        (says("The report goes to {session}."), "3.1"),
        (says("The Group met in TBC."), "3.1"),
        (both(purpose("On {{ instruments }} and {{ pp-71.full }}.")), "cover: Purpose"),
        (hand("14/c", "The Group recalled {{ condition }}, as {{ recalls_group }} had decided {{ recalls }}."), "2.2 c)"),
    ],
    "dated-before-meeting": [
        (of_report(as_of=date(2025, 1, 20)), "head"),
        (of_report(as_of=date(2025, 1, 27)), "head"),
        (new_meeting(16, date(2025, 2, 10), date(2025, 2, 12)), "head"),
    ],
    "head-of-another-document": [
        (of_report(title={"en": "Chair’s report on the activities of the CWG-OTHER"}), "head"),
        (of_report(title={"en": "Report of CWG-LAKE to Council 2024"}), "head"),
        (of_report(source={"en": "Report by the Chair of the Council Working Group on other matters"}), "head"),
        (of_report(document_number="C24/52"), "head"),
    ],
    "signatory-not-in-office": [
        (officer("now", to_day=date(2025, 2, 9)), "signature"),
        (officer("now", from_day=date(2025, 3, 1)), "signature"),
        (both(says("The Group thanks all."), of_report(signed_by="before")), "signature"),
    ],
    "launch-not-recorded": [
        (both(gone("15/b"), gone("15/a")), "2.2 a)"),
        (both(gone("15/a"), outcome("15/b", follows=None)), "2.2 a)"),
        (new_outcome(14, "fish", kind="would_launch", window_from=date(2025, 1, 1), window_to=date(2025, 4, 1)), "2.2 f)"),
        (both(gone("12/a"), gone("12/b"), new_outcome(14, "depth", kind="would_launch", window_from=date(2024, 11, 1), window_to=date(2025, 4, 1))), "2.2 f)"),
    ],
    "summary-not-submitted": [
        (unsettled("12/b"), "2.1 b)"),
        (new_outcome(14, "depth", kind="summary", session="council-2023"), "2.2 f)"),
        (both(unsettled("12/b"), session("council-2024", first_day=None, last_day=None)), "2.1 b)"),
    ],
    "goes-on-from-another-topic": [
        (swap_topic("12/b", "shores"), "2.1 b)"),
        (swap_topic("15/b", "depth"), "2.3 b)"),
        (swap_topic("15/b", "fish"), "2.3 b)"),
    ],
    "meeting-without-outcomes": [
        (new_meeting(16, date(2025, 2, 9), date(2025, 2, 10)), "2.4"),
        (new_meeting(16, date(2025, 2, 3), date(2025, 2, 3), mode="virtual"), "2.4"),
        (meeting(13, cancelled_on=None), "2.2"),
    ],
    "meeting-not-closed": [
        (meeting(14, planned_at=datetime(2024, 1, 1, tzinfo=UTC)), "2.2"),
        (meeting(15, planned_at=datetime(2024, 1, 1, tzinfo=UTC)), "2.3"),
        (meeting(12, planned_at=datetime(2024, 1, 1, tzinfo=UTC)), "2.1"),
    ],
    "ordinal-gap": [
        (meeting(15, ordinal=16), "2.3"),
        (meeting(13, ordinal=23), "2.2"),
        (meeting(13, first_day=date(2032, 1, 1), last_day=date(2032, 1, 2), cancelled_on=None), "2.2"),
        (both(meeting(13, ordinal=99), meeting(14, ordinal=13), meeting(12, ordinal=14)), "2.2"),
    ],
    "period-cuts-meeting": [
        (new_meeting(16, date(2025, 2, 28), date(2025, 3, 1)), "head"),
        (meeting(11, first_day=date(2023, 12, 31), last_day=date(2024, 1, 2)), "head"),
        (new_meeting(16, date(2025, 2, 27), date(2025, 3, 4)), "head"),
    ],
    "window-differs": [
        (outcome("15/a", window_to=date(2025, 2, 1)), "2.3 a)"),
        (outcome("12/a", window_from=date(2023, 4, 1)), "2.1 a)"),
        (round_of("shores-2024", heading={"en": "November 2024"}), "2.3 a)"),
        (round_of("depth-2023", heading={"en": "February-September 2023"}), "2.1 a)"),
        (round_of("depth-2023", opens_day=date(2023, 4, 2)), "2.1 a)"),
        (round_of("depth-2023", closes_month=date(2023, 10, 1)), "2.1 a)"),
        (extended("shores-2024", datetime(2025, 1, 10, tzinfo=UTC), datetime(2025, 2, 14, tzinfo=UTC), date(2025, 1, 9)), "2.3 a)"),
        (both(outcome("15/a", follows=None, window_from=date(2024, 11, 1)), unsettled("14/a")), "2.3 a)"),
    ],
    "cited-not-referenced": [
        (says("In line with Resolution 101 (Rev. Bucharest, 2022), the Group met."), "3.1"),
        (free("The Group recalled PP Resolution 71 (Rev. Bucharest, 2022)."), "2.2 e)"),
        (says("The Group recalled Council Decision 482 (Modified 2020)."), "3.1"),
        (says("The Group recalled A/RES/70/125."), "3.1"),
        (says("The Group recalled WTDC Resolution 30."), "3.1"),
    ],
    "reference-not-cited": [
        (both(purpose("On lakes."), also_cites("pp-71", "Rev. Bucharest, 2022")), "cover: References"),
        (both(purpose("On lakes."), introduction("Set up by {{ council-1306.full }}.")), "cover: References"),
        (both(purpose("On {{ pp-179 }}."), introduction("Under {{ council-563.full }}.")), "cover: References"),
    ],
    "cited-two-ways": [
        (says("The Group recalled Resolution 179 (Rev. Dubai, 2018)."), "3.1"),
        (says("The Group recalled Resolution 179."), "3.1"),
        (says("The Group recalled Resolution {{ pp-179.number }} once more."), "3.1"),
        (free("The Group recalled Council Resolution 1306 (2009)."), "2.2 e)"),
    ],
    "revision-not-in-force": [
        (cites("pp-179", "Rev. Dubai, 2018"), "cover: Purpose"),
        (revision("council-1306", "Mod. 2024"), "cover: Purpose"),
        (revision("council-1306", "Mod. 2025", in_force_from=date(2025, 2, 1)), "cover: Purpose"),
        (both(revision("pp-179", "Rev. Doha, 2026", in_force_from=date(2027, 1, 1)), cites("pp-179", "Rev. Doha, 2026")), "cover: Purpose"),
    ],
    "citation-typed": [
        (says("The Group recalled Resolution 179 (Rev. Bucharest 2022)."), "3.1"),
        (says("The Group recalled Resolution 179 (Bucharest, 2022)."), "3.1"),
        (says("The Group recalled Council Resolution 1306 (Modified 2019)."), "3.1"),
        (says("The Group recalled Council Decision 563 (C14, last amended C23)."), "3.1"),
        (says("The Group recalled Resolution 179 of the Plenipotentiary Conference (REV. BUCHAREST, 2022)."), "3.1"),
        (says("The Group recalled Resolution {{ pp-179.number }} (Rev. Bucharest, 2022)."), "3.1"),
        (free("The Group recalled Council Resolution 1306 (MOD. 2019)."), "2.2 e)"),
    ],
    "plan-past": [
        (says("The next meeting will be held on 15 September 2024."), "3.1"),
        (says("The next meeting will take place on 3 and 4 February 2025 in Geneva."), "3.1"),
        (says("The next round is to be launched in October 2024."), "3.1"),
        (says("The Chair will present the matter to Council 2024."), "3.1"),
        (free("The summary would be submitted as part of the Chair’s report to Council 2024."), "2.2 e)"),
        (free("The workshop will be held in 2024."), "2.2 e)"),
        (hand("12/b", "The summary on {{ topics }} would be submitted to {{ session }}."), "2.1 b)"),
        (hand("15/b", "The summary on {{ topics }} was submitted to {{ session }}."), "2.3 b)"),
    ],
    "chair-name": [
        (opens_with("The Group was chaired by Mr Early Example (Brazil)."), "1.1"),
        (opens_with("The Group was chaired by Mr John Nobody (Brazil)."), "1.1"),
        (says("The Chair, Mr Early Example, thanked all."), "3.1"),
        (says("The Chair, Mr Example, thanked all."), "3.1"),
        (says("The Chair, Mr Anna Sample, thanked all."), "3.1"),
    ],
    "chair-pronoun": [
        (says("The Chair expressed his thanks."), "3.1"),
        (says("The Chair expressed their thanks."), "3.1"),
        (says("On behalf of all, the Chair extends his personal thanks."), "3.1"),
        (says("The Chair thanked all. He also thanked the hosts."), "3.1"),
        (free("The Chair expressed his thanks."), "2.2 e)"),
    ],
    "country-named": [
        (free("Poland stated that the matter was urgent."), "2.2 e)"),
        (free("The delegate of Brazil requested that its view be recorded."), "2.2 e)"),
        (free("Poland, supported by Germany, proposed a text."), "2.2 e)"),
        (free("Kenya and the United States also expressed support."), "2.2 e)"),
        (free("The delegation of the Republic of Korea asked for time."), "2.2 e)"),
        (free("As requested by Poland, the item was deferred."), "2.2 e)"),
        (new_outcome(14, kind="agreed", action={"en": "this"}, point="Iran noted that it could not agree."), "2.2 f) (i)"),
        (outcome("12/c", action={"en": "the report; the Russian Federation objected"}), "2.1 c)"),
    ],
    "two-acronyms": [
        (says("WG-LAKE has met twice."), "3.1"),
        (free("The Group agreed on the mandate of WG-LAKE."), "2.2 e)"),
        (both(former_name("EG-LAKE"), says("EG‑LAKE has met twice.")), "3.1"),
        (says("CWG LAKE has met twice."), "3.1"),
    ],
    "paragraph-typed": [
        (says("See paragraph 2.9 above."), "3.1"),
        (says("See paragraph 2.2 b) above."), "3.1"),
        (says("Paragraphs 2.1 to 2.3 of this report tell more."), "3.1"),
        (purpose("Council is invited to note section 3 and {{ instruments }}."), "cover: Purpose"),
        (free("The Group agreed as in § 1.7."), "2.2 e)"),
    ],
    "cover-row-empty": [
        (lambda report: Passage.objects.filter(report=report, label__en="Action required").update(text=None), "cover: Action required"),
        (lambda report: Passage.objects.filter(report=report, label__en="Action required").update(text={"fr": "Prendre note."}), "cover: Action required"),
        (lambda report: Passage.objects.create(report=report, part="cover", shape="row", position=9, label={"en": "Financial implications"}), "cover: Financial implications"),
    ],
    "by-hand-without-facts": [
        (hand("15/a", "The secretariat launched the open consultation ({{ window }})."), "2.3 a)"),
        (hand("15/a", "The secretariat launched the open consultation on {{ topics }}."), "2.3 a)"),
        (hand("15/b", "The summary on {{ topics }} would be submitted to Council."), "2.3 b)"),
        (hand("15/a", "The secretariat launched the round on {{ topics }} (October 2024 – February 2025)."), "2.3 a)"),
        (hand("15/c", "The Group deferred the matter until the Conference has decided."), "2.3 c)"),
        (hand("15/a", "The secretariat launched the round on “Something else” ({{ window }})."), "2.3 a)"),
    ],
    "word-doubled": [
        (says("The Group met in the the morning."), "3.1"),
        (says("The The Group met."), "3.1"),
        (free("The Group agreed to to the text."), "2.2 e)"),
        (outcome("14/c", addressee={"en": "the the Secretariat"}), "2.2 c)"),
        (hand("14/c", "The Group requested the {{ addressee }} {{ action }}."), "2.2 c)"),
    ],
    "space-doubled": [
        (says("The Group  met."), "3.1"),
        (free("The Group met \u00a0twice."), "2.2 e)"),
        (purpose("On  {{ instruments }}."), "cover: Purpose"),
    ],
    "by-hand": [
        (hand("15/a", "The secretariat launched a round on {{ topics }} ({{ window.long }})."), "2.3 a)"),
        (hand("15/b", "The summary on {{ topics }} would be submitted to {{ session }}."), "2.3 b)"),
        (hand("12/c", "The Group took note of {{ action }}."), "2.1 c)"),
    ],
}  # fmt: skip


# rule: what stands near a slip and is none
CLEAN: dict[str, list[Change]] = {
    "bracket-unbalanced": [
        says("The Group agreed: a) one; b) two; 1) three (see item a), (ii) and the Members’ “list (short)”)."),
        says("The Group’s ‘first’ list and the 1990s’ lakes; «un lac» and \"a lake\"."),
        free("Items (a) and b) were agreed; ii) was not."),
    ],
    "editor-bracket": [
        says("The report said “the Group [shall] meet […] in [Geneva]”; the Group agreed [sic]."),
        hand("14/c", "The Group requested {{ addressee }} {{ action }}, “as [it] had said”."),
        says("The lists [of lakes](https://example.org/lakes) were agreed."),
    ],
    "slot-unresolved": [
        says("{{ group.acronym }} thanks {{ chair }}, as in paragraph {{ paragraph.mandate }}."),
        says("The budget is set { as ever } in XX parts."),
        free("The Group agreed on {{ group.acronym }} questions? Yes."),
    ],
    "dated-before-meeting": [
        of_report(as_of=date(2025, 1, 28)),
        new_meeting(16, date(2025, 2, 20), date(2025, 2, 21), cancelled_on=date(2025, 2, 1)),
        new_meeting(16, date(2025, 3, 4), date(2025, 3, 5)),
    ],
    "head-of-another-document": [
        of_report(title={"en": "Chair’s report of CWG‑LAKE to Council 2025"}),
        of_report(title={"en": "Report on lakes from Council 2024 to Council 2025"}),
        both(of_report(document_number="CWG-LAKE-15/9"), of_report(source={"en": "The Chair of CWG-LAKE"})),
    ],
    "signatory-not-in-office": [
        of_report(signed_by=None), officer("now", from_day=None), officer("now", to_day=date(2025, 2, 10)),
    ],
    "launch-not-recorded": [
        new_outcome(15, "fish", kind="would_launch", window_from=date(2025, 2, 1), window_to=date(2025, 4, 1)),
        both(unsettled("14/a"), outcome("15/a", follows=None)),
        unsettled("14/a"),
        both(unsettled("11/a"), unsettled("14/a")),
    ],
    "summary-not-submitted": [
        new_outcome(15, "depth", kind="summary", session="pp-26"),
        lambda report: Settlement.objects.filter(promise=outcome_of("12/b")).update(how="dropped", reason="So"),
        both(unsettled("12/b"), of_report(as_of=date(2024, 6, 14), last_day=date(2024, 2, 1), first_day=date(2024, 1, 1))),
    ],
    "goes-on-from-another-topic": [
        outcome("15/b", follows=None), outcome("15/a", follows=None),
        lambda report: OutcomeTopic.objects.create(outcome=outcome_of("15/b"), topic=Topic.objects.get(key="depth"), position=2),
    ],
    "meeting-without-outcomes": [
        new_meeting(16, date(2025, 2, 3), date(2025, 2, 3), cancelled_on=date(2025, 1, 1)),
        new_meeting(16, date(2025, 3, 3), date(2025, 3, 3)),
        new_meeting(5, date(2024, 5, 3), date(2024, 5, 3), series="open_consultation"),
    ],
    "meeting-not-closed": [
        meeting(14, planned_at=datetime(2024, 1, 1, tzinfo=UTC), closed_on=date(2025, 1, 1)),
        new_meeting(16, date(2025, 3, 3), date(2025, 3, 3), planned_at=datetime(2024, 1, 1, tzinfo=UTC)),
    ],
    "ordinal-gap": [
        meeting(11, ordinal=3),
        new_meeting(21, date(2026, 1, 1), date(2026, 1, 1)),
        both(meeting(14, ordinal=16), meeting(15, ordinal=17), meeting(13, ordinal=15), new_meeting(14, date(2024, 8, 1), date(2024, 8, 1), cancelled_on=date(2024, 7, 1)), new_meeting(13, date(2024, 4, 1), date(2024, 4, 1), cancelled_on=date(2024, 3, 1))),
    ],
    "period-cuts-meeting": [
        of_report(first_day=date(2024, 1, 22), last_day=date(2025, 1, 28)),
        new_meeting(16, date(2025, 2, 28), date(2025, 3, 1), cancelled_on=date(2025, 1, 1)),
        new_meeting(5, date(2025, 2, 28), date(2025, 3, 1), series="open_consultation"),
    ],
    "window-differs": [
        round_of("shores-2024", heading={"en": "How lakes may be opened to all"}),
        round_of("shores-2024", heading={"en": "May"}),
        round_of("shores-2024", closes_at=datetime(2025, 1, 31, 22, 30, tzinfo=UTC)),
        extended("shores-2024", datetime(2025, 1, 10, tzinfo=UTC), datetime(2025, 2, 14, tzinfo=UTC), date(2025, 2, 11)),
        round_of("shores-2024", heading={"fr": "Novembre 2024"}),
        round_of("depth-2023", opens_day=None, opens_month=date(2023, 3, 1)),
    ],
    "cited-not-referenced": [
        says("The Group recalled its Decision 2 and this resolution 4 years later."),
        says("The Group discussed “Proposals on Resolution 101”."),
        says("The Group recalled Recommendation 3 of its report."),
    ],
    "reference-not-cited": [
        purpose("In line with {{ pp-179.full }}."),
        introduction("Set up by {{ council-1306.full }} and {{ council-563.full }}."),
        also_cites("pp-71", "Rev. Bucharest, 2022"),
    ],
    "cited-two-ways": [
        says("Resolution {{ pp-179.number }} of the {{ pp-179.body }} ({{ pp-179.revision }}) was recalled."),
        says("Resolutions {{ pp-179 }} and {{ council-1306 }} were recalled; this resolution stands."),
        says("The Group discussed “On Resolution 179 (Rev. Dubai, 2018)”."),
    ],
    "revision-not-in-force": [
        revision("council-1306", "2009"),
        revision("council-1306", "Mod. 2025", in_force_from=date(2025, 2, 11)),
        revision("council-563", "2014, last amended C25", adopted_by="council-2025"),
    ],
    "citation-typed": [
        says("{{ pp-179.full }} and the Resolution were recalled."),
        says("The Group discussed “On Resolution 179 (Rev. Bucharest, 2022)”."),
        says("Resolutions {{ pp-179 }} and {{ council-1306 }} were recalled (see the 2019 text)."),
    ],
    "plan-past": [
        says("The next meeting will be held on 15 September 2025."),
        says("The Group will continue the work adopted on 4 October 2024, and will report to {{ session }}."),
        says("The secretariat would launch a round (October 2024 – January 2025)."),
        says("The will of the meeting of 22 January 2024 was clear. It was held in 2024."),
        says("The Chair will consult those who, in 2024, had no views."),
        free("The summary would be submitted as part of the Chair’s report to Council 2025."),
    ],
    "chair-name": [
        opens_with("The Group was chaired by Ms Anna Sample (Kenya)."),
        says("The Chair thanked the former Chair, Mr Early Example."),
        says("The Vice-Chair, Dr Li Muster, and the Chair, Ms Sample, thanked all."),
        says("A drafting group was chaired by Mr John Nobody (Brazil)."),
    ],
    "chair-pronoun": [
        says("The Chair expressed her thanks. She thanked Member States for their trust."),
        says("The Chair thanked their Excellencies. A delegate expressed his thanks."),
        says("A delegate thanked all. He also thanked the hosts."),
        both(officer("now", possessive=None), says("The Chair expressed his thanks.")),
    ],
    "country-named": [
        free("Contributions from Poland, Germany and Kenya proposed texts; a document by Brazil was noted."),
        free("Poland hosted the workshop in Georgia, and the Group thanked Kenya."),
        says("The Chair, Ms Anna Sample (Kenya), stated that the meeting in Geneva, Switzerland, had agreed."),
        free("A Member State requested that its view be recorded; some Member States stated theirs."),
        free("The contribution of the Russian Federation was considered. Poland’s document was noted."),
    ],
    "two-acronyms": [
        says("CWG-LAKE, then called WG-LAKE, has met; see Document WG-LAKE 3/7, WG-LAKE-3/8 and CWG LAKE-3/9."),
        says("The CWG‑LAKE has met, as CWG-OTHER has."),
        former_name("EG-LAKE"),
    ],
    "paragraph-typed": [
        says("See paragraph {{ paragraph.mandate }}, and paragraph 5 of {{ pp-179.full }}."),
        says("{{ pp-179.full }}, paragraph 3, was recalled, as was paragraph 16 of the Agenda."),
        says("The Group discussed “paragraph 2.9 above” and section 33 of Document C24/51."),
    ],
    "cover-row-empty": [
        lambda report: Passage.objects.filter(report=report, label__en="Purpose").update(text={"en": "—"}),
        lambda report: Passage.objects.create(report=report, part="cover", shape="rule", position=9),
        purpose("{{ instruments }}"),
    ],
    "by-hand-without-facts": [
        hand("15/a", "The secretariat opened the round on the shores of lakes and rivers’ mouths (October 2024 to January 2025)."),
        hand("15/b", "A summary on {{ topics }} would go to Council 2025."),
        hand("15/c", "The Group deferred future topics until the 2026 Plenipotentiary Conference."),
        free("The Group adjourned."),
    ],
    "word-doubled": [
        says("The Group had had the view that that was so; on and on; Boutros Boutros-Ghali."),
        says("The Group met. Met it had in Bora Bora."),
        says("The Internet, Internet access and Internet-Internet links."),
    ],
    "space-doubled": [
        says(" The Group met. "), free("The Group\u00a0met."), says("The Group\nmet."),
    ],
    "by-hand": [
        free("Something else."), outcome("15/a", wording={"fr": "Le secrétariat a ouvert la consultation."}, **WHY),
        outcome("15/b", wording=None),
    ],
}  # fmt: skip


def test_every_rule_is_broken_three_times_and_has_a_clean_twin() -> None:
    names = [rule.name for rule in RULES]
    assert sorted(names) == sorted(set(names))
    assert set(BROKEN) == set(CLEAN) == set(names)
    assert [name for name in names if len(BROKEN[name]) < 3 or not CLEAN[name]] == []


def after(report: Report, change: Change, rule: str) -> list[tuple[str, str]]:
    """Return what is found after a change that is undone again."""
    with transaction.atomic():
        change(report)
        said = [each for each in found(report) if each[0] != "by-hand" or rule == "by-hand"]
        transaction.set_rollback(True)
    return said


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_record_is_found_once_and_at_its_place(clean: Report, rule: str) -> None:
    said = [after(clean, change, rule) for change, _ in BROKEN[rule]]
    assert said == [[(rule, place)] for _, place in BROKEN[rule]]


@pytest.mark.parametrize("rule", CLEAN)
def test_what_stands_near_a_slip_is_no_finding(clean: Report, rule: str) -> None:
    assert [after(clean, change, rule) for change in CLEAN[rule]] == [[] for _ in CLEAN[rule]]
