"""A database filled by the demonstration must not serve in earnest."""

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import DatabaseError, connections

from assessment.models import Demonstration


@register(Tags.database)
def demonstration_stays_a_demonstration(app_configs, databases=None, **kwargs) -> list[Error]:
    """An error where the database holds the demonstration and the place is not one."""
    if settings.DEMONSTRATION:
        return []
    filled = [alias for alias in databases or () if is_filled(alias)]
    return [
        Error(
            f"The database {alias!r} was filled by the demonstration.",
            hint="Give an empty database in DATABASE_URL, or set DEMONSTRATION=1 where this is only for show.",
            id="assessment.E001",
        )
        for alias in filled
    ]


def is_filled(alias: str = "default") -> bool:
    """Whether the demonstration filled this database; one that has no tables yet is not filled."""
    try:
        tables = connections[alias].introspection.table_names()
    except DatabaseError:
        return False
    return Demonstration._meta.db_table in tables and Demonstration.objects.using(alias).exists()
