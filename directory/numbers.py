"""Public numbers of records."""

import secrets
from collections.abc import Callable, Sequence
from datetime import date

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base32: no letter to mistake for a digit


def new_number(day: date, prefix: str, choose: Callable[[Sequence[str]], str] = secrets.choice) -> str:
    """A public number that tells the day and nothing else: it can neither be guessed nor counted."""
    return f"{prefix}{day:%Y%m%d}-{''.join(choose(ALPHABET) for _ in range(6))}"
