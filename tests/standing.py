"""The small practice as tests find it: made once for a file, and given back after each.

It takes longer to make than most tests take to run. It stands in two layers, each in a
transaction that is never committed: the people and their pairs (``world``), and upon them
what they have written (``told``). A test works upon the layer that it asks for, and what
it does is undone before the next one.
"""

from contextlib import ExitStack
from copy import deepcopy

from app_people import World, make_world
from two_seats import undone

LAYERS = ("world", "told")


class Standing:
    """What stands in the database before a test of one file.

    Parameters
    ----------
    tell : callable
        Lets the people of a practice write what is in the upper layer.
    blocker : object
        What keeps a test that asks for no database from it.
    """

    def __init__(self, tell, blocker):
        self._tell, self._blocker, self._layers = tell, blocker, []

    def rise_to(self, layer):
        """Let just the layers up to this one stand; none of them for ``None``."""
        n_wanted = LAYERS.index(layer) + 1 if layer else 0
        with self._blocker.unblock():
            while len(self._layers) > n_wanted:
                self._layers.pop()[1].close()
            while len(self._layers) < n_wanted:
                self._layers.append(self._layer(LAYERS[len(self._layers)]))

    def _layer(self, name):
        with ExitStack() as failing:
            failing.enter_context(undone())
            if name == LAYERS[0]:
                made = make_world()
            else:
                made = self.world()
                self._tell(made)
            return made, failing.pop_all()

    def world(self):
        """Return the practice that stands, or one made anew, for a test to change."""
        if not self._layers:
            return make_world()
        return World(**deepcopy(vars(self._layers[-1][0])))


def wanted_by(request):
    """Return the layer that a test asks for; none if it commits what it does."""
    asked = request.fixturenames
    if "transactional_db" in asked:
        return None
    found = [layer for layer in LAYERS if layer in asked]
    if found and getattr(request.module, "TOLD_ONCE", False):
        return LAYERS[-1]
    return found[-1] if found else None
