"""Made-up courses from a stated generative model, always labelled made up."""

from duologue.simulate.generator import course
from duologue.simulate.scenario import Scenario
from duologue.simulate.scenarios import SCENARIOS, practice

__all__ = ["SCENARIOS", "Scenario", "course", "practice"]
