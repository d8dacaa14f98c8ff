"""SQLCipher's module, taught what Django teaches the standard library's.

It has the interface of ``sqlite3``, so that is what its types are read from.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from itertools import tee
from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.sqlite3 import base
from django.utils.dateparse import parse_date, parse_datetime, parse_time

if TYPE_CHECKING:
    from sqlite3 import dbapi2 as sqlcipher
if not TYPE_CHECKING:  # pragma: no branch
    try:
        from sqlcipher3 import dbapi2 as sqlcipher
    except ImportError:
        raise ImproperlyConfigured(
            "The store needs SQLCipher: pip install 'duologue[web]'."
        ) from None

__all__ = ("Cursor", "sqlcipher")

sqlcipher.register_converter("bool", b"1".__eq__)
sqlcipher.register_converter("date", base.decoder(parse_date))
sqlcipher.register_converter("time", base.decoder(parse_time))
sqlcipher.register_converter("datetime", base.decoder(parse_datetime))
sqlcipher.register_converter("timestamp", base.decoder(parse_datetime))
sqlcipher.register_adapter(Decimal, str)
sqlcipher.register_adapter(dt.date, base.adapt_date)
sqlcipher.register_adapter(dt.datetime, base.adapt_datetime)

convert: Callable[..., str] = base.SQLiteCursorWrapper.convert_query
"""Django's, which asks nothing of the cursor that it is given."""


class Cursor(sqlcipher.Cursor):
    """Django's cursor, which itself can only be one of the standard library."""

    def execute(self, query: str, params: Any = None) -> Self:
        """Run a statement with Django's ``%s`` or ``%(name)s`` in it."""
        if params is None:
            return super().execute(query)
        names = list(params) if isinstance(params, Mapping) else None
        return super().execute(convert(self, query, param_names=names), params)

    def executemany(self, query: str, param_list: Iterable[Any]) -> Self:
        """Run a statement once for each of these, which a generator may give."""
        ahead, param_list = tee(param_list)
        params = next(ahead, None)
        names = list(params) if isinstance(params, Mapping) and params else None
        return super().executemany(convert(self, query, param_names=names), param_list)
