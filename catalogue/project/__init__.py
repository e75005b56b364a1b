"""A project: one purchase, from its requirements to its outcome, as a state machine of plain values.

`step` takes a project from one state to the next; `catalogue.audit` keeps what was done; `db.projects` stores
it.
"""

from __future__ import annotations

from catalogue.project import actions
from catalogue.project.actions import Action
from catalogue.project.cautions import cautions_of
from catalogue.project.listing import MOST, filters_in_words, snapshot_digest
from catalogue.project.machine import step
from catalogue.project.requiring import OFFERED, profile_text, requirements_of
from catalogue.project.scoring import Total, criteria_of, totals_of
from catalogue.project.steps import Step, StepName, StepState, next_step, progress_of, steps_of
from catalogue.project.values import (
    MANY,
    PRICE,
    Award,
    By,
    Clarification,
    Criteria,
    Criterion,
    Deletion,
    End,
    Fate,
    Filter,
    FilterKind,
    Freezing,
    How,
    Listed,
    Lock,
    Mark,
    Outcome,
    ProfileText,
    Project,
    Ranking,
    Reply,
    Requirement,
    Result,
    SavedSearch,
    Score,
    Stage,
    Version,
    kept_until,
    stage_of,
)
from catalogue.project.words import NAME_LENGTH, NOTE_LENGTH, mark_note, name_key, project_name, tidied

__all__ = [
    "MANY",
    "MOST",
    "NAME_LENGTH",
    "NOTE_LENGTH",
    "OFFERED",
    "PRICE",
    "Action",
    "Award",
    "By",
    "Clarification",
    "Criteria",
    "Criterion",
    "Deletion",
    "End",
    "Fate",
    "Filter",
    "FilterKind",
    "Freezing",
    "How",
    "Listed",
    "Lock",
    "Mark",
    "Outcome",
    "ProfileText",
    "Project",
    "Ranking",
    "Reply",
    "Requirement",
    "Result",
    "SavedSearch",
    "Score",
    "Stage",
    "Step",
    "StepName",
    "StepState",
    "Total",
    "Version",
    "actions",
    "cautions_of",
    "criteria_of",
    "filters_in_words",
    "kept_until",
    "mark_note",
    "name_key",
    "next_step",
    "profile_text",
    "progress_of",
    "project_name",
    "requirements_of",
    "snapshot_digest",
    "stage_of",
    "step",
    "steps_of",
    "tidied",
    "totals_of",
]
