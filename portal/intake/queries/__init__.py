"""Reads of coming in: drafts, lists, likely repeats, and the asker's own view of an appeal."""
