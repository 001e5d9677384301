"""Benchmarks that print ratios: `python -m bench` (docs/performance.md). One module per figure.

Every figure compares two things in the same run on the same machine, in turns, at least three times.
Nothing here is a test: tests count, benchmarks time.
"""
