"""Fisher's z summed over the windows of a session, for many comparisons at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from duologue.engine.synchrony.windows import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Sums over windows, for each comparison and lag.

    ``z`` and ``absolute`` (n, 2 * lag + 1) are sums of Fisher's z and of its absolute
    value, ``count`` how many cells they hold.
    """

    z: Floats
    absolute: Floats
    count: Floats

    @property
    def profile(self) -> Floats:
        """The mean over windows at each lag; ``nan`` where no cell is present."""
        return _divided(self.z, self.count)

    @property
    def grand_mean(self) -> Floats:
        """The mean of all cells of each comparison."""
        return _divided(self.z.sum(axis=1), self.count.sum(axis=1))

    @property
    def grand_mean_abs(self) -> Floats:
        """The mean of the absolute values of all cells."""
        return _divided(self.absolute.sum(axis=1), self.count.sum(axis=1))

    def asymmetry(self, lag: int) -> Floats:
        """Return the mean of cells in which the first leads less that of the others."""
        ahead = slice(lag + 1, None)
        first = _divided(self.z[:, ahead].sum(axis=1), self.count[:, ahead].sum(axis=1))
        second = _divided(self.z[:, :lag].sum(axis=1), self.count[:, :lag].sum(axis=1))
        found: Floats = first - second
        return found

    def mirrored(self) -> "Sums":
        """Return them with the seats exchanged."""
        return Sums(
            z=self.z[:, ::-1],
            absolute=self.absolute[:, ::-1],
            count=self.count[:, ::-1],
        )

    def beside(self, others: "Sums") -> "Sums":
        """Return these comparisons, and the others behind them."""
        return joined([self, others])


def sums_of_map(z: Floats) -> Sums:
    """Return the sums of one comparison, from its z by window and lag."""
    return Sums(
        z=np.nansum(z, axis=0, keepdims=True),
        absolute=np.nansum(np.abs(z), axis=0, keepdims=True),
        count=(~np.isnan(z)).sum(axis=0, keepdims=True).astype(np.float64),
    )


def joined(found: Sequence[Sums]) -> Sums:
    """Return the comparisons of each, one behind the other."""
    return Sums(
        z=np.concatenate([each.z for each in found]),
        absolute=np.concatenate([each.absolute for each in found]),
        count=np.concatenate([each.count for each in found]),
    )


def _divided(total: Floats, count: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = np.where(count > 0, total / count, np.nan)
    return found
