"""What assessment itself keeps."""

from django.db import models


class Demonstration(models.Model):
    """That this database was filled with the invented district, never to be used in earnest."""

    seed = models.IntegerField()
    scale = models.FloatField()
    as_of = models.DateTimeField()  # the moment its current week was invented for
    finished_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"seed {self.seed}, as of {self.as_of:%F %T}"
