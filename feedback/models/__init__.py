"""Surveys, reviews and the cases that repair bad ones."""

from .absences import StaffAbsence
from .cases import CaseRound, Escalation, Evidence, ReviewCase
from .complaints import Complaint
from .figures import CountedDay, DailyFigure, DailySum, StaleDay
from .insight import InsightGroup, InsightKind, InsightNote, InsightReport, ProductContact
from .policy import LoopPolicy
from .reports import DailyReport, ReportChoice, WeeklyReport
from .revisits import Revisit, RevisitCall
from .stars import StarChange, StarLevel, StarStanding
from .surveys import HeldSurvey, Review, ReviewPhoto, Survey, SurveyChannel, WorkerRating
from .writebacks import CreditNote, WriteBack

__all__ = [
    "CaseRound",
    "Complaint",
    "CountedDay",
    "CreditNote",
    "DailyFigure",
    "DailyReport",
    "DailySum",
    "Escalation",
    "Evidence",
    "HeldSurvey",
    "InsightGroup",
    "InsightKind",
    "InsightNote",
    "InsightReport",
    "LoopPolicy",
    "ProductContact",
    "ReportChoice",
    "Review",
    "ReviewCase",
    "ReviewPhoto",
    "Revisit",
    "RevisitCall",
    "StaffAbsence",
    "StaleDay",
    "StarChange",
    "StarLevel",
    "StarStanding",
    "Survey",
    "SurveyChannel",
    "WeeklyReport",
    "WorkerRating",
    "WriteBack",
]
