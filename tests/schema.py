"""All that the database itself says of the tables of the store."""

from django.db import connection

from rules import ON_POSTGRESQL

_OF_SQLITE = {
    "made": "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE {ours}",
    # Not where they lie: there a column that is altered may go to the end, or stay.
    "columns": "SELECT tbl_name, c.name, c.type, c.'notnull', dflt_value, pk, hidden "
    "FROM sqlite_master m, pragma_table_xinfo(tbl_name) c "
    "WHERE m.type = 'table' AND {ours}",
    "keys": "SELECT tbl_name, f.'from', f.'table', f.'to', on_update, on_delete, match "
    "FROM sqlite_master m, pragma_foreign_key_list(tbl_name) f "
    "WHERE m.type = 'table' AND {ours}",
    "indexes": "SELECT tbl_name, i.name, i.'unique', origin, partial, c.seqno, c.name, "
    "c.'desc', coll, c.'key' FROM sqlite_master m, pragma_index_list(tbl_name) i, "
    "pragma_index_xinfo(i.name) c WHERE m.type = 'table' AND {ours}",
}
_OF_POSTGRESQL = {
    "relations": "SELECT relname, relkind, relpersistence, relowner, relacl::text, "
    "reloptions FROM pg_class WHERE {ours}",
    # Numbered anew: a column that was dropped leaves its number empty.
    "columns": "SELECT relname, attname, "
    "rank() OVER (PARTITION BY attrelid ORDER BY attnum), "
    "format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated, "
    "attcollation, pg_get_expr(adbin, adrelid) "
    "FROM pg_class c JOIN pg_attribute ON attrelid = c.oid "
    "LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum "
    "WHERE attnum > 0 AND NOT attisdropped AND {ours}",
    "constraints": "SELECT relname, conname, contype, convalidated, "
    "pg_get_constraintdef(k.oid) FROM pg_class c "
    "JOIN pg_constraint k ON conrelid = c.oid WHERE {ours}",
    "indexes": "SELECT relname, pg_get_indexdef(i.indexrelid), indisvalid, "
    "indisunique, indisprimary, indimmediate FROM pg_class c "
    "JOIN pg_index i ON indexrelid = c.oid WHERE {ours}",
    "triggers": "SELECT relname, tgname, tgenabled, pg_get_triggerdef(t.oid) "
    "FROM pg_class c JOIN pg_trigger t ON tgrelid = c.oid "
    "WHERE NOT tgisinternal AND {ours}",
    "functions": "SELECT proname, pg_get_functiondef(p.oid) FROM pg_proc p "
    "WHERE pronamespace = 'public'::regnamespace",
    "sequences": "SELECT relname, seqtypid, seqstart, seqincrement, seqmax, seqmin, "
    "seqcache, seqcycle FROM pg_class c JOIN pg_sequence ON seqrelid = c.oid "
    "WHERE {ours}",
}


def schema():
    """Return what tables, columns, constraints, indexes and triggers are, in any order."""
    if ON_POSTGRESQL:
        return _asked(_OF_POSTGRESQL, "relname LIKE 'store\\_%'")
    found = _asked(_OF_SQLITE, "tbl_name LIKE 'store\\_%' ESCAPE '\\'")
    made = [
        (kind, *names, _parts(sql) if kind == "table" else sql)
        for kind, *names, sql in found["made"]
    ]
    return {**found, "made": made}


def _asked(statements, ours):
    found = {}
    with connection.cursor() as cursor:
        for name, statement in statements.items():
            cursor.execute(statement.format(ours=ours))
            found[name] = sorted(cursor.fetchall(), key=repr)
    return found


def _parts(sql):
    """Return what stands between the commas of a statement, but for those in brackets."""
    begins, _, inside = sql.partition("(")
    parts, depth = [""], 0
    for letter in inside:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return begins, sorted(part.strip(" )") for part in parts)
