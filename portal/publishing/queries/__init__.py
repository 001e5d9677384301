"""Reads of what is published, and of the releases under review. One module per screen."""
