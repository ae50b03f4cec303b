"""For all tests: no deadline for one example, as the machine may be busy; the suite as a whole is timed by CI."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
