"""How often somebody has tried to sign in: the cache that every process shares."""

from django.db import models


class Attempts(models.Model):
    """A row of Django's cache in a database, written and read by that alone.

    What it holds are times of tries, and codes that were used, by digests: a limit on
    tries that a restart forgets is none.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        """Django's own cache looks for this table."""

        db_table = "store_attempts"

    def __str__(self) -> str:
        return "tries to sign in"
