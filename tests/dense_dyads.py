"""The dyad model as one large normal distribution: slow, and obviously right.

Everything (set-point, levels, innovations, ratings) is a linear function of independent
normal sources; no filter, no recursion over what is known.
"""

import json
import math
from pathlib import Path

import numpy as np

from duologue.engine.dyad.gaps import over_gap
from duologue.engine.dyad.model import checked

CASES = Path(__file__).parent / "fixtures" / "dyads" / "exact_cases.json"


class Dense:
    """Means and covariances of a pair's whole course, and what ratings tell of it."""

    def __init__(self, ratings, b, nuisance, gaps=None, next_gap=1):
        ratings = np.asarray(ratings, dtype=float)
        self.n_sessions, _, self.n_ratings = ratings.shape
        all_gaps = [*(np.ones(self.n_sessions - 1) if gaps is None else gaps), next_gap]
        self.steps = [over_gap(b, nuisance.Q, gap) for gap in all_gaps]
        self.nuisance = nuisance
        self._sources()
        self._rows()
        y = ratings.ravel()
        seen = ~np.isnan(y)
        self.H, self.y = self.rating_rows[seen], y[seen]
        self.y_mean = self.rating_means[seen]
        R = np.tile(nuisance.R.ravel(), self.n_sessions)[seen]
        self.y_cov = self.H @ self.cov @ self.H.T + np.diag(R)

    def _sources(self):
        """Independent sources: u, start, and the innovations of each step."""
        n, n_steps = self.nuisance, self.n_sessions
        size = 4 + 2 * n_steps
        self.cov = np.zeros((size, size))
        self.cov[0:2, 0:2], self.cov[2:4, 2:4] = n.Sm, n.P1
        for j, (_, Q) in enumerate(self.steps):
            self.cov[4 + 2 * j : 6 + 2 * j, 4 + 2 * j : 6 + 2 * j] = Q

    def _rows(self):
        """Each quantity as mean plus rows times the sources."""
        n, size = self.nuisance, self.cov.shape[0]
        eye = np.eye(size)
        u = eye[0:2]
        away_mean, away = n.delta, eye[2:4]
        self.level_means, self.level_rows = [n.bm + away_mean], [u + away]
        for j, (B, _) in enumerate(self.steps):
            away_mean, away = B @ away_mean, B @ away + eye[4 + 2 * j : 6 + 2 * j]
            self.level_means.append(n.bm + away_mean)
            self.level_rows.append(u + away)
        self.rating_rows, self.rating_means = [], []
        for session in range(self.n_sessions):
            mean, row = self.level_means[session], self.level_rows[session]
            for seat in (0, 1):
                for k in range(self.n_ratings):
                    lam, nu = n.lam[seat, k], n.nu[seat, k]
                    self.rating_rows.append(lam * row[seat])
                    self.rating_means.append(nu + lam * mean[seat])
        self.rating_rows = np.array(self.rating_rows)
        self.rating_means = np.array(self.rating_means)

    def log_likelihood(self):
        if not self.y.size:
            return 0.0
        e = self.y - self.y_mean
        _, log_det = np.linalg.slogdet(self.y_cov)
        quadratic = e @ np.linalg.solve(self.y_cov, e)
        return -0.5 * (self.y.size * math.log(2 * math.pi) + log_det + quadratic)

    def given(self, mean, rows):
        """Mean and covariance of a linear function of the sources, given the ratings."""
        prior = rows @ self.cov @ rows.T
        if not self.y.size:
            return np.asarray(mean), prior
        cross = rows @ self.cov @ self.H.T
        gain = np.linalg.solve(self.y_cov, cross.T).T
        return mean + gain @ (self.y - self.y_mean), prior - gain @ cross.T

    def set_point(self):
        return self.given(self.nuisance.bm, np.eye(self.cov.shape[0])[0:2])

    def level(self, session):
        return self.given(self.level_means[session], self.level_rows[session])

    def next_level(self):
        return self.level(self.n_sessions)

    def next_ratings(self):
        mean, cov = self.next_level()
        n = self.nuisance
        means = n.nu + n.lam * mean[:, None]
        return means, np.sqrt(n.lam**2 * np.diag(cov)[:, None] + n.R)

    def innovation(self, step):
        rows = np.eye(self.cov.shape[0])[4 + 2 * step : 6 + 2 * step]
        return self.given(np.zeros(2), rows)


def rescaled(draw, factor, shift):
    """The draw of ratings that are all shift + factor times what they were."""
    square = factor**2
    return checked(
        bm=shift + factor * draw.bm,
        delta=factor * draw.delta,
        Sm=square * draw.Sm,
        P1=square * draw.P1,
        Q=square * draw.Q,
        R=square * draw.R,
        lam=draw.lam,
        nu=factor * draw.nu + shift * (1 - draw.lam),
    )


def exact_cases():
    """Six small cases with their exact values, worked out by dense algebra."""
    told = json.loads(CASES.read_text("utf-8"))
    assert len(told["cases"]) == 6
    return [
        (
            case,
            np.array(case["ratings"], dtype=float),
            checked(
                **told["population"],
                nu=case["intercepts"],
                lam=case["loadings"],
                R=case["error_variances"],
            ),
        )
        for case in told["cases"]
    ]
