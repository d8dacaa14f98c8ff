"""Fields that hold what is sealed: free text, and the key of whoever holds it.

A program that has loaded a row reads and writes plain text; what goes into the database
and comes out of it is sealed. A text that would go there as it is, by
``QuerySet.update`` or as a condition, is refused.
"""

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThanOrEqual
from django.db.models.query_utils import DeferredAttribute

from duologue.errors import ParameterError
from duologue.store.keys import ring
from duologue.store.keys.records import SHORTEST, Where, open_text, seal_text

if TYPE_CHECKING:
    _Bytes = models.BinaryField[Any, Any]
else:
    _Bytes = models.BinaryField


class Sealed(bytes):
    """What stands in the database; made by sealing only."""

    __slots__ = ()


class SealedText(DeferredAttribute):
    """A text of a row: opened when it is asked for."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        """Return the text, ``None`` where there is none."""
        value = super().__get__(instance, cls)
        if not isinstance(value, Sealed):
            return value
        return open_text(value, instance.place_of(self.field))

    def __set__(self, instance: Any, value: object) -> None:
        """Put another text there; what stood there says which record it is."""
        name = self.field.attname
        before = instance.__dict__.get(name)
        if isinstance(before, Sealed) and not isinstance(value, Sealed):
            instance.__dict__[_earlier(name)] = before
        instance.__dict__[name] = value


class SealedTextField(_Bytes):
    """Free text, sealed with a key of its own (see `duologue.store.keys.records`).

    Its model has a method ``place_of(field)``, which says where the text belongs.

    Parameters
    ----------
    max_length : int
        Characters that the text may have.
    """

    descriptor_class = SealedText

    def from_db_value(self, value: Any, *_: object) -> Sealed | None:
        """Return what stands in the database, still sealed."""
        return None if value is None else Sealed(value)

    def pre_save(self, model_instance: Any, add: bool) -> Sealed | None:
        """Seal the text before it is stored, unless it has not changed."""
        del add
        here = model_instance.__dict__
        value = here.get(self.attname)
        if value is None or isinstance(value, Sealed):
            return value
        if not value.strip() or len(value) > (self.max_length or 0):
            raise ParameterError(
                f"{self.name} takes 1 to {self.max_length} characters, not all spaces."
            )
        place = model_instance.place_of(self)
        earlier = here.pop(_earlier(self.attname), None)
        sealed = Sealed(seal_text(value, place, earlier=earlier))
        here[self.attname] = sealed
        return sealed

    def get_db_prep_value(
        self, value: Any, connection: Any, prepared: bool = False
    ) -> Any:
        """Let through only what is sealed."""
        if value is not None and not isinstance(value, Sealed):
            raise TypeError(f"{self.name} is stored sealed: save the row instead.")
        return super().get_db_prep_value(
            None if value is None else bytes(value), connection, prepared
        )


class WithSealedText(models.Model):
    """A row that holds free text, and says by ``place_of(field)`` where it belongs.

    ``UP_TO_PAIR`` are the relations that a row must be loaded with to be opened: up to
    the pair, or the person, that holds its key.
    """

    UP_TO_PAIR: ClassVar[tuple[str, ...]] = ()

    class Meta:
        """No table of its own."""

        abstract = True


class HolderKeyField(_Bytes):
    """The key of a holder of records, sealed with the ring; made when it is first stored."""

    def pre_save(self, model_instance: Any, add: bool) -> bytes:
        """Make the key if there is none yet."""
        del add
        return key_of(model_instance)


PairKeyField = HolderKeyField
"""As the migration calls it that brought the first of them."""


def key_of(row: Any) -> bytes:
    """Return the key of a holder of records, sealed; made if it has none yet."""
    if not row.key:
        row.key = ring.current().new_holder_key(row.holder)
    return bytes(row.key)


class HoldsAKey:
    """A row with a ``ref`` and a ``key`` of its own, under which records are sealed.

    ``HELD_AS`` says what it is: a key that is moved to another row, or to another kind of
    row, does not open there.
    """

    HELD_AS: ClassVar[str]

    @property
    def holder(self: Any) -> str:
        """What it is and its name: its key opens for it alone."""
        return f"{self.HELD_AS}:{self.ref}"

    def place(self: Any, name: str) -> Where:
        """Return the place of this name (``model:id:field``) under its key."""
        return Where(holder=self.holder, holder_key=key_of(self), name=name)


def is_sealed_text(field: str) -> GreaterThanOrEqual:
    """Return the condition that a column is as long as a sealed text is at least."""
    return GreaterThanOrEqual(Length(field), SHORTEST)


def _earlier(name: str) -> str:
    return f"_{name}_before"
