"""A model of sentences: from a folder, never fetched, and refused in words that help."""

import os
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from duologue.engine.matching.similar import encoded
from duologue.errors import FileError, ParameterError
from duologue.formats import sentences
from duologue.formats.sentences import sentence_encoder


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "modules.json").write_text("[]")
    return tmp_path


def install(monkeypatch, model):
    """Let the package be there, with this for its model."""
    fake = SimpleNamespace(SentenceTransformer=model, __spec__=SimpleNamespace())
    monkeypatch.setitem(sys.modules, "sentence_transformers", fake)
    for name in sentences.ALONE:
        monkeypatch.setenv(name, "0")


class Model:
    def __init__(self, path, **settings):
        self.path, self.settings = path, settings

    def encode(self, texts, *, show_progress_bar):
        assert show_progress_bar is False
        return np.array([[len(text), 1] for text in texts], np.float32)


def test_a_model_turns_texts_into_vectors_and_fetches_nothing(folder, monkeypatch):
    install(monkeypatch, Model)

    vectors = encoded(["one", "", "three"], sentence_encoder(folder))

    assert vectors.blank.tolist() == [False, True, False]
    np.testing.assert_allclose(vectors.unit[0], np.array([3, 1]) / np.sqrt(10))
    assert os.environ["HF_HUB_OFFLINE"] == os.environ["TRANSFORMERS_OFFLINE"] == "1"


def test_a_package_that_is_missing_is_told_with_what_installs_it(folder, monkeypatch):
    monkeypatch.setattr(sentences, "find_spec", lambda _: None)

    with pytest.raises(ParameterError, match="pip install sentence-transformers"):
        sentence_encoder(folder)


def test_a_folder_that_is_none_or_holds_no_model_is_refused(
    folder, tmp_path, monkeypatch
):
    install(monkeypatch, Model)
    (tmp_path / "empty").mkdir()

    with pytest.raises(FileError, match="must be a folder with a model"):
        sentence_encoder(tmp_path / "gone")
    with pytest.raises(FileError, match="holds no model"):
        sentence_encoder(tmp_path / "empty")


@pytest.mark.parametrize("fault", [OSError, ValueError, KeyError, Exception])
def test_a_model_that_cannot_be_read_is_refused(folder, monkeypatch, fault):
    def broken(*_, **__):
        raise fault("weights in some other format")

    install(monkeypatch, broken)

    with pytest.raises(FileError, match="holds no model") as refusal:
        sentence_encoder(folder)

    assert "weights" not in str(refusal.value)
