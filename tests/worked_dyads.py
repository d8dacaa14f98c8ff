"""The linear example whose numbers are worked out elsewhere, and random ones."""

import numpy as np

from duologue.engine.dyad.model import Nuisance, checked

B = (0.55, 0.2, 0.1, 0.6)
MU = np.array([5.0, 5.2])
DELTA = np.array([-1.5, -1.0])
Q = np.array([[0.25, 0.08], [0.08, 0.16]])


def example(n_ratings=2) -> Nuisance:
    """The population that simulations use."""
    return checked(
        bm=MU,
        Sm=[[0.49, 0.1], [0.1, 0.25]],
        delta=DELTA,
        P1=[[0.5, 0.2], [0.2, 0.4]],
        Q=Q,
        nu=np.tile([0.0, 0.2, -0.1][:n_ratings], (2, 1)),
        lam=np.tile([1.0, 0.9, 1.1][:n_ratings], (2, 1)),
        R=np.full((2, n_ratings), 0.3),
    )


def covariance(rng):
    """A random covariance of two, not too flat."""
    root = rng.normal(size=(2, 2))
    return 0.5 * root @ root.T + 0.1 * np.eye(2)


def random_draw(rng, n_ratings=2) -> Nuisance:
    """A draw with nothing symmetrical about it."""
    lam = rng.uniform(0.6, 1.4, size=(2, n_ratings))
    nu = rng.normal(size=(2, n_ratings))
    lam[:, 0], nu[:, 0] = 1.0, 0.0
    return checked(
        bm=rng.normal(5, 1, size=2),
        Sm=covariance(rng),
        delta=rng.normal(size=2),
        P1=covariance(rng),
        Q=covariance(rng),
        nu=nu,
        lam=lam,
        R=rng.uniform(0.1, 0.6, size=(2, n_ratings)),
    )


def stacked(draws) -> Nuisance:
    """Several draws as one stack."""
    return checked(
        **{
            name: np.stack([getattr(d, name) for d in draws])
            for name in Nuisance.__dataclass_fields__
        }
    )


def random_couplings(rng, n_points=()):
    """Couplings that are stable and may turn or alternate."""
    shape = (n_points,) if isinstance(n_points, int) else tuple(n_points)
    return rng.uniform(-0.48, 0.48, size=(*shape, 4))


def random_ratings(rng, n_sessions, n_ratings=2, share_blank=0.3):
    """Ratings with whole forms and single items blank."""
    ratings = rng.normal(5, 1.2, size=(n_sessions, 2, n_ratings))
    ratings[rng.random(ratings.shape) < share_blank / 2] = np.nan
    ratings[rng.random((n_sessions, 2)) < share_blank] = np.nan
    return ratings


def random_case(rng, n_sessions, n_points=()):
    """A draw, couplings and ratings, drawn in this order."""
    return (
        random_draw(rng),
        random_couplings(rng, n_points),
        random_ratings(rng, n_sessions),
    )
