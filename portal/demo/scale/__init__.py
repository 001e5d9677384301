"""The demonstration city at scale: thousands of invented cases in believable states, written in bulk.

`course` says what happens to a case and when, `rows` and `public` what stands in the tables then, `filling`
writes it. Past the services, since playing 100,000 cases through them would take hours; a test holds the rows
against those that the services make.
"""

from portal.demo.scale.filling import SIZES, Progress, fill

__all__ = ["SIZES", "Progress", "fill"]
