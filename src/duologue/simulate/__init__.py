"""Made-up courses from a stated generative model, always labelled made up."""

from duologue.simulate.generator import course
from duologue.simulate.scenario import Scenario
from duologue.simulate.scenarios import DEMO_SEED, SCENARIOS, practice

__all__ = ["DEMO_SEED", "SCENARIOS", "Scenario", "course", "practice"]
