"""Phrases about people and enterprises."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q

from directory.parties import ENTERPRISE_VIEWERS, valid_on, visible_rows


class ValidQuerySet(models.QuerySet):
    """Rows that come and go by date."""

    def valid_on(self, day: date) -> Self:
        return self.filter(valid_on(day))


class EnterpriseQuerySet(models.QuerySet):
    """Enterprises as lists ask for them."""

    def visible_to(self, user, day: date) -> Self:
        """The enterprises whose card this person may open on that day."""
        return self.filter(visible_rows(ENTERPRISE_VIEWERS, user, day))

    def cared_for_by(self, cadre, day: date) -> Self:
        """The enterprises assigned to this cadre on that day."""
        return self.filter(valid_on(day, "assignments__"), assignments__cadre=cadre)

    def named_like(self, words: str) -> Self:
        """By part of the name, by pinyin initials, or by the beginning of the code."""
        words = words.strip()
        return self.filter(
            Q(name__icontains=words) | Q(pinyin__contains=words.lower()) | Q(code__startswith=words.upper())
        )
