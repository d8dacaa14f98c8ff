"""What a row says of itself, in a log or a traceback: its number, and nothing else."""

import pytest
from django.apps import apps

from duologue.errors import ParameterError
from duologue.store import actions

MODELS = [
    model
    for model in apps.get_app_config("store").get_models()
    if model.__name__ != "Attempts"  # its name is a digest, and is not said either
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_row_says_its_number_and_nothing_else(model):
    said = str(model(pk=4711))

    assert said.endswith(" 4711")
    assert said.removesuffix(" 4711").replace(" ", "") == model.__name__.lower()


@pytest.mark.parametrize(
    ("name", "crisis", "refused"),
    [(" ", "Ring us.", "name"), ("x" * 81, "Ring us.", "name"), ("Elm", " ", "says")],
)
def test_a_practice_is_not_set_up_with_blank_words(db, name, crisis, refused):
    with pytest.raises(ParameterError, match=refused):
        actions.set_up_practice(name, crisis)


def test_a_practice_is_set_up_with_its_own_words(db):
    made = actions.set_up_practice(" Elm ", " Ring us.\n")

    assert (made.name, made.crisis, made.made_up) == ("Elm", "Ring us.", False)
