"""The record of a group: what it rests on, who leads it, when it met, what it decided."""

from meetings.models.decision import Decision, Waking
from meetings.models.document import (
    Document,
    DocumentFile,
    DraftSave,
    NumberSeries,
    Source,
    TopicProposal,
)
from meetings.models.edition import Edition, EditionFile, FrozenError
from meetings.models.file_text import FilePage, FileReading
from meetings.models.group import GroupName, HousePattern, WorkingGroup
from meetings.models.instrument import Body, Instrument, ListedTopic, Revision
from meetings.models.meeting import AgendaItem, Chairing, Meeting
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
from meetings.models.people import DelegateTerm, MemberState, Officer, Region, RoleTerm
from meetings.models.session import Session
from meetings.models.taking_part import OutcomeComment, Participant, Statement
from meetings.models.topic import Topic, TopicQuestion
from meetings.models.visit import MeetingVisit

__all__ = [
    "PROMISES",
    "REQUIRED",
    "SAYS",
    "WITH_TOPICS",
    "AgendaItem",
    "Body",
    "Chairing",
    "Decision",
    "DelegateTerm",
    "Document",
    "DocumentFile",
    "DraftSave",
    "Edition",
    "EditionFile",
    "FilePage",
    "FileReading",
    "FrozenError",
    "GroupName",
    "HousePattern",
    "Instrument",
    "Kind",
    "ListedTopic",
    "Meeting",
    "MeetingVisit",
    "MemberState",
    "Message",
    "NumberSeries",
    "Officer",
    "Outcome",
    "OutcomeComment",
    "OutcomePoint",
    "OutcomeTopic",
    "Participant",
    "Region",
    "Revision",
    "RoleTerm",
    "Session",
    "Settlement",
    "Source",
    "Statement",
    "Topic",
    "TopicProposal",
    "TopicQuestion",
    "Until",
    "Waking",
    "WorkingGroup",
]
