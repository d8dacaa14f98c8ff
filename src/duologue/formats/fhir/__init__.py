"""FHIR R4, as plain dictionaries: forms in and out, answers and totals out.

A Questionnaire is an instrument; a QuestionnaireResponse one filled-in form; an
Observation its total. Nothing of a therapist's own wellbeing becomes any of them.
"""

from duologue.formats.fhir.bundle import bundle_of, leave_out
from duologue.formats.fhir.forms import observation_of, response_of
from duologue.formats.fhir.questionnaire import questionnaire_of
from duologue.formats.fhir.reader import instrument_from_questionnaire

__all__ = [
    "bundle_of",
    "instrument_from_questionnaire",
    "leave_out",
    "observation_of",
    "questionnaire_of",
    "response_of",
]
