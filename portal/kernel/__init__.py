"""What every floor stands on: database, clock, events, errors, numbers, keys. Knows no feature and no web."""
