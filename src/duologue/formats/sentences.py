"""A model of sentences from a folder on this machine: an extra, and never fetched."""

import os
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from duologue.engine.matching.similar import Encoder
from duologue.errors import FileError, ParameterError

PACKAGE = "sentence_transformers"
NOT_INSTALLED = (
    "a model of sentences takes the package sentence-transformers, which is installed by "
    "hand (pip install sentence-transformers): with what it takes it is larger than all of "
    "Duologue."
)
ALONE = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "TQDM_DISABLE")
"""What lets the package fetch nothing, and draw no bars on standard error."""

NO_MODEL = "holds no model of sentence-transformers that can be read."


def sentence_encoder(folder: Path) -> Encoder:
    """Return what places texts as a model of sentence-transformers does.

    Nothing is fetched: the model must lie in the folder. A model can hold code of its
    own, which is not run.

    Parameters
    ----------
    folder : Path
        As ``SentenceTransformer.save`` writes it, with its ``modules.json``.

    Returns
    -------
    callable
        Takes n texts, returns n vectors. Texts longer than the model reads are cut.

    Raises
    ------
    ParameterError
        If the package is not installed.
    FileError
        If the folder holds no model.
    """
    if find_spec(PACKAGE) is None:
        raise ParameterError(NOT_INSTALLED)
    if not folder.is_dir():
        raise FileError(str(folder), "must be a folder with a model of sentences.")
    if not (folder / "modules.json").is_file():
        raise FileError(str(folder), NO_MODEL)
    os.environ.update(dict.fromkeys(ALONE, "1"))
    loaded = import_module(PACKAGE)
    try:
        model = loaded.SentenceTransformer(
            str(folder), device="cpu", local_files_only=True
        )
    except Exception as error:
        raise FileError(str(folder), NO_MODEL) from error

    def encode(texts: list[str]) -> Any:
        return np.asarray(model.encode(texts, show_progress_bar=False))

    return encode
