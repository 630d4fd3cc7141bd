"""Secrets at rest: encrypted under a key drawn from SECRET_KEY, each beside the name of its method.

Not a certified module. Another method gets another name, and what is kept stays readable until it is sealed anew.
"""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac

METHOD = "fernet"


class Unreadable(Exception):
    """Sealed under a key that is not here any more, or by a method not known here."""


def seal(words: str) -> str:
    return f"{METHOD}:{_box().encrypt(words.encode()).decode()}"


def unseal(sealed: str) -> str:
    method, _, token = sealed.partition(":")
    if method != METHOD:
        raise Unreadable
    try:
        return _box().decrypt(token.encode()).decode()
    except InvalidToken as wrong:
        raise Unreadable from wrong


def _box() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = [salted_hmac("notices.sealing", "key", secret=secret, algorithm="sha256").digest() for secret in secrets]
    return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in keys])
