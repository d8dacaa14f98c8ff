"""What is looked after while pages are served: again and again, until the serving ends."""

import threading

from duologue.cli.minding import Minder


def test_it_looks_again_as_soon_as_the_look_said_and_stops_when_it_is_ended():
    looks, enough = [], threading.Event()

    def look(stopped):
        looks.append(stopped())
        if len(looks) == 3:
            enough.set()
            return 60.0
        return 0.0

    minder = Minder(look)
    minder.start()
    assert enough.wait(5)
    minder.end()

    assert looks == [False] * 3
    assert not minder._thread.is_alive()


def test_a_look_is_told_to_stop_and_is_waited_for():
    begun, waited = threading.Event(), []

    def look(stopped):
        begun.set()
        while not stopped():
            pass
        waited.append("to its end")
        return 0.0

    minder = Minder(look)
    minder.start()
    assert begun.wait(5)
    minder.end()

    assert waited == ["to its end"]


def test_what_has_not_begun_can_be_ended():
    Minder(lambda _: 0.0).end()
