"""Publication records: what was published, by whom, approved by whom, with the hash of what it said."""
