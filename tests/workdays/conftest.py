"""Properties are not timed: the first example pays for reading the published schedules, and machines are noisy."""

from hypothesis import settings

settings.register_profile("workdays", deadline=None)
settings.load_profile("workdays")
