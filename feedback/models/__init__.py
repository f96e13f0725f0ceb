"""Surveys, reviews and the cases that repair bad ones."""

from .cases import CaseRound, Escalation, Evidence, ReviewCase
from .complaints import Complaint
from .policy import LoopPolicy
from .surveys import Review, Survey, WorkerRating

__all__ = [
    "CaseRound",
    "Complaint",
    "Escalation",
    "Evidence",
    "LoopPolicy",
    "Review",
    "ReviewCase",
    "Survey",
    "WorkerRating",
]
