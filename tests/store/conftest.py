"""A small practice in the store."""

import pytest

from app_people import make_world
from two_seats import Two


@pytest.fixture
def world(db):
    """Two therapists and their clients, stored."""
    return make_world()


@pytest.fixture
def two(world):
    """One pair of it: Ann and the therapist."""
    return Two(world)
