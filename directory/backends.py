"""Who may sign in, stay signed in, and work in the back office."""

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.utils import timezone
from django.utils.timezone import localdate

from directory.parties import seats_of

ADMINISTRATORS = "system administrator"  # the post


def administers(user) -> bool:
    """Does this person hold the back office today?"""
    if not user.is_authenticated or not user.is_active:
        return False
    return user.is_superuser or ADMINISTRATORS in seats_of(user, localdate(timezone.now())).roles


class PostBackend(ModelBackend):
    """Django's own, with rights from posts. Accounts of the demonstration are dead in a production place, and with them
    their open sessions."""

    def user_can_authenticate(self, user) -> bool:
        return super().user_can_authenticate(user) and (settings.DEMONSTRATION or not user.is_demonstration)

    def has_perm(self, user_obj, perm, obj=None) -> bool:
        return administers(user_obj)

    def has_module_perms(self, user_obj, app_label) -> bool:
        return administers(user_obj)
