"""Packs of forms that a practice has added, each under a licence of its own."""

from typing import ClassVar

from django.db import models
from django.db.models import UniqueConstraint

from duologue.store.models.choices import is_this_long, only
from duologue.store.models.person import Practice
from duologue.store.models.refs import new_ref

SHA256_LETTERS = 64


class FormPack(models.Model):
    """One pack, as the file that came: its words are used unchanged or not at all.

    ``content`` is a zip file (see `duologue.instruments.packs`), and ``sha256`` its digest.
    Of one that was removed it stays where forms of it were filled in: it says which of
    their answers are shown as they were given, and nothing more.
    """

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="form_packs")
    ref = models.CharField(max_length=22, unique=True, default=new_ref)
    sha256 = models.CharField(max_length=SHA256_LETTERS)
    content = models.BinaryField()
    added_on = models.DateField()
    removed_on = models.DateField(null=True)

    class Meta:
        """Rules of the table."""

        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            UniqueConstraint(
                name="form_pack_is_added_once", fields=["practice", "sha256"]
            ),
            only("form_pack_has_a_digest", is_this_long("sha256", SHA256_LETTERS)),
        ]

    def __str__(self) -> str:
        return f"form pack {self.pk}"
