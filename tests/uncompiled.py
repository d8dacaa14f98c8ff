"""Compiled functions as the plain Python that they are made of."""


def uncompile(monkeypatch, module):
    """Let a module's compiled functions run, and call each other, as plain Python."""
    for name, function in list(vars(module).items()):
        if hasattr(function, "py_func"):
            monkeypatch.setattr(module, name, function.py_func)
