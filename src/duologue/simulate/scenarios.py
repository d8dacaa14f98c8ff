"""Six pairs that show what the program is for."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from duologue.records import Course, Prompts, Seat, Status
from duologue.simulate.generator import course
from duologue.simulate.scenario import InStep, Scenario

_ALL = (
    Scenario(
        name="just-begun",
        title="just begun",
        initial="A",
        n_sessions=3,
        first_day=date(2026, 10, 29),
        start=(3.6, 4.8),
        missing=(0.0, 0.0),
        willing=(1.0, 1.0),
    ),
    Scenario(
        name="steady-growth",
        title="steady growth",
        initial="B",
        n_sessions=24,
        first_day=date(2026, 5, 5),
        start=(3.2, 4.2),
        set_point=(5.6, 6.2),
        drift=(0.07, 0.05),
        unsaid_shared_from=6,
        off={9: (Status.CANCELLED, Seat.CLIENT), 15: (Status.MOVED, Seat.THERAPIST)},
    ),
    Scenario(
        name="rupture-and-mend",
        title="a rupture and a mend",
        initial="D",
        n_sessions=22,
        first_day=date(2026, 6, 4),
        start=(5.4, 5.8),
        set_point=(6.6, 6.4),
        shocks={16: (-3.4, -1.6)},
        missing=(0.05, 0.0),
        willing=(1.0, 1.0),
        unsaid_shared_from=1,
        mends_after=3,
        off={15: (Status.CANCELLED, Seat.THERAPIST)},
        talk=True,
        # In step where it was hard, and nothing beyond chance once it was mended: more of
        # it is not better, and the made-up pair is not to say that it is.
        recorded={
            16: (
                InStep(
                    start_s=760, end_s=880, first=Seat.THERAPIST, lag_s=1.0, follows=0.9
                ),
                InStep(
                    start_s=2180, end_s=2300, first=Seat.CLIENT, lag_s=0.75, follows=0.9
                ),
            ),
            19: (),
        },
    ),
    Scenario(
        name="both-quieter",
        title="both growing quieter",
        initial="K",
        n_sessions=22,
        first_day=date(2026, 5, 20),
        start=(6.6, 6.8),
        set_point=(7.4, 7.3),
        drift=(-0.17, -0.14),
        missing=(0.05, 0.05),
        willing=(0.95, 1.0),
        unsaid_shared_from=4,
        off={17: (Status.NO_SHOW, Seat.CLIENT)},
    ),
    Scenario(
        name="sharing-off",
        title="sharing switched off",
        initial="M",
        n_sessions=16,
        first_day=date(2026, 7, 3),
        willing=(0.0, 1.0),
    ),
    Scenario(
        name="an-ending",
        title="an ending",
        initial="R",
        n_sessions=30,
        first_day=date(2026, 2, 9),
        start=(4.0, 4.8),
        set_point=(6.6, 6.8),
        drift=(0.03, 0.02),
        shocks={8: (-2.6, -1.2), 27: (-1.8, -1.0)},
        willing=(1.0, 1.0),
        unsaid_shared_from=3,
        off={
            19: (Status.CANCELLED, Seat.CLIENT),
            23: (Status.CANCELLED, Seat.THERAPIST),
        },
    ),
)

SCENARIOS: Mapping[str, Scenario] = MappingProxyType({s.name: s for s in _ALL})
"""The six pairs by name, in the order in which the demo tells them."""

DEMO_SEED = 5
"""The seed of the practice that the demo, the README and the docs show."""


def practice(prompts: Prompts, *, seed: int) -> tuple[Course, ...]:
    """Make the six pairs of one made-up practice.

    Parameters
    ----------
    prompts : Prompts
        What is asked after a session.
    seed : int
        The same seed gives the same practice, to the last digit.
    """
    return tuple(
        course(scenario, prompts, seed=seed) for scenario in SCENARIOS.values()
    )
