"""What happened to a contribution, in the words in which its history is read."""

from __future__ import annotations

from consultations.models import ContributionEvent

WORDS = {
    "intake.send": "Sent",
    "intake.confirm": "Received: its sender confirmed the address",
    "intake.change": "Changed by its sender",
    "intake.withdraw": "Withdrawn by its sender",
    "entry.enter": "Entered by the secretariat",
    "moderation.publish": "Published",
    "moderation.pass_on": "Passed to the Group only",
    "moderation.propose_to_decline": "Proposed to decline",
    "moderation.confirm_decline": "Declined by a second person; the reason was mailed",
    "moderation.decline_alone": "Declined by one person alone; the reason was mailed",
    "moderation.reject_decline": "Proposal to decline dropped",
    "moderation.take_back": "Taken back: it awaits the secretariat again",
    "moderation.merge": "Merged into another",
    "moderation.ask": "Contributor asked by mail",
    "moderation.redact": "Passage redacted",
    "moderation.restore": "Redaction taken back",
    "moderation.withhold": "File withheld",
    "moderation.release": "File published that was withheld",
    "late.open_window": "Late window opened",
}


def said(event: ContributionEvent) -> str:
    """Return what happened, in a few words."""
    return WORDS.get(event.what, event.what.rpartition(".")[2].replace("_", " ").capitalize())
