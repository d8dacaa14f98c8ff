"""What a recording of fifty minutes might show: made up, and beyond chance."""

from dataclasses import replace

from duologue.records import Modality, Moment, Seat, Synchrony

LAGS = tuple(round(-5 + 0.1 * k, 1) for k in range(101))
FOUND = Synchrony(
    session=1,
    modality=Modality.MOTION,
    seconds=3000.0,
    rate=12.5,
    lags_s=LAGS,
    profile=tuple(0.2 - 0.02 * abs(lag - 0.8) for lag in LAGS),
    low=(-0.05,) * 101,
    high=(0.05,) * 101,
    band=(0.1,) * 101,
    peak=0.2,
    peak_lag_s=0.8,
    p=0.001,
    n_surrogates=1000,
    needed_s=480.0,
    moments=(),
    client_present=1.0,
    therapist_present=1.0,
)

WITH_MOMENTS = replace(
    FOUND,
    moments=(
        Moment(start_s=760.0, end_s=810.4, lag_s=0.8, first=Seat.CLIENT, p=0.01),
        Moment(start_s=1210.0, end_s=1260.0, lag_s=-0.1, first=None, p=0.04),
    ),
)
