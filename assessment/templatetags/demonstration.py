"""The accounts of the demonstration, for the sign-in page."""

from django import template

from assessment.demonstration.accounts import Login, logins

register = template.Library()


@register.simple_tag
def demonstration_logins() -> list[Login]:
    """The accounts to offer; none in a production place."""
    return logins()
