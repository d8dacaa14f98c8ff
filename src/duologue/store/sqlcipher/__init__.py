"""A database for Django whose whole file is encrypted: ``duologue.store.sqlcipher``."""
