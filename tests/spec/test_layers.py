"""Who reads and writes the store: its queries and its actions, and no page of the app."""

import ast
import pathlib

import pytest

import duologue.web

WEB = pathlib.Path(duologue.web.__file__).parent
MODULES = sorted(WEB.rglob("*.py"))
WRITES = {"save", "delete", "set_password", "bulk_create"}
OF_THE_LIBRARY = {"Authenticator", "UserSession"}
"""Tables of the library for signing in: the account's pages read them (decision 15)."""


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(WEB)))
def test_no_page_reads_or_writes_a_table_of_the_store(path):
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    called = [node.func for node in nodes if isinstance(node, ast.Call)]

    asked = {ast.unparse(node.value) for node in nodes if _named(node, {"objects"})}
    written = {ast.unparse(node) for node in called if _named(node, WRITES)}
    in_account = "account" in path.relative_to(WEB).parts
    assert asked <= (OF_THE_LIBRARY if in_account else set())
    assert [name for name in written if not _is_of_the_library(name)] == []


def _named(node, names):
    return isinstance(node, ast.Attribute) and node.attr in names


def _is_of_the_library(name):
    return name.startswith(("UserSession.", "segno."))
