"""The live process in a hurry: its streams beat every second and last two. `uvicorn tests.notices.hasty:application`"""

from notices import streams

streams.BEAT, streams.LIFETIME = 1, (2, 2)

from config.live import application  # noqa: E402, F401  (after the hurry)
