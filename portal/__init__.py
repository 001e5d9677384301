"""Open Lounge: a city's public accountability portal (the house of cases, clocks and publication)."""

__version__ = "0.1.0"
