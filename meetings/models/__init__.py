"""The record of a group: what it rests on, who leads it, when it met, what it decided."""

from meetings.models.decision import Decision, Waking
from meetings.models.edition import Edition, EditionFile, FrozenError
from meetings.models.group import GroupName, HousePattern, WorkingGroup
from meetings.models.instrument import Body, Instrument, ListedTopic, Revision
from meetings.models.meeting import AgendaItem, Chairing, Document, Meeting
from meetings.models.message import Message
from meetings.models.outcome import (
    PROMISES,
    REQUIRED,
    SAYS,
    WITH_TOPICS,
    Kind,
    Outcome,
    OutcomePoint,
    OutcomeTopic,
    Settlement,
    Until,
)
from meetings.models.people import MemberState, Officer, Region, RoleTerm
from meetings.models.session import Session
from meetings.models.topic import Topic

__all__ = [
    "PROMISES",
    "REQUIRED",
    "SAYS",
    "WITH_TOPICS",
    "AgendaItem",
    "Body",
    "Chairing",
    "Decision",
    "Document",
    "Edition",
    "EditionFile",
    "FrozenError",
    "GroupName",
    "HousePattern",
    "Instrument",
    "Kind",
    "ListedTopic",
    "Meeting",
    "MemberState",
    "Message",
    "Officer",
    "Outcome",
    "OutcomePoint",
    "OutcomeTopic",
    "Region",
    "Revision",
    "RoleTerm",
    "Session",
    "Settlement",
    "Topic",
    "Until",
    "Waking",
    "WorkingGroup",
]
