"""Who signs in. A person's e-mail address is their name here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth import get_backends
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models.functions import Lower

if TYPE_CHECKING:
    from meetings.access import ViewedAs


class LoweredUserError(Exception):
    """Somebody is to be saved as whom they only look at the site."""

    def __init__(self) -> None:
        super().__init__("Nothing is kept of somebody who looks at the site as another role.")


class PersonManager(UserManager["User"]):
    """Make users by e-mail address; there are no user names."""

    def create_user(  # type: ignore[override]
        self, email: str, password: str | None = None, **fields: Any
    ) -> User:
        """Create somebody who can sign in, with no rights of their own."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def create_superuser(  # type: ignore[override]
        self, email: str, password: str | None = None, **fields: Any
    ) -> User:
        """Create an administrator."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """Somebody who signs in."""

    username = None  # type: ignore[assignment]
    email = models.EmailField(
        "e-mail address",
        unique=True,
        error_messages={"unique": "Somebody with this e-mail address signs in here already."},
    )

    # Kept by cwg.accounts.visits
    this_visit = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When this visit began."
    )
    last_visit = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When the visit before it began."
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    # As what they look at the site during one request; cwg.accounts.viewing sets it on a copy.
    viewed_as: ViewedAs | None = None

    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        verbose_name = "user"
        verbose_name_plural = "users"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                Lower("email"),
                name="accounts_email_once",
                violation_error_message="Somebody with this e-mail address signs in here already.",
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, but never the lowered copy of somebody who looks at the site as another role."""
        if self.viewed_as is not None:
            raise LoweredUserError
        super().save(*args, **kwargs)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Ask the table of roles about administrators too: some acts are the Chair's alone."""
        backends: list[Any] = get_backends()
        return any(backend.has_perm(self, perm, obj) for backend in backends)
