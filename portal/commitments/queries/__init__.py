"""Reads of commitments: the desk's lists and page, and what everybody may read."""
