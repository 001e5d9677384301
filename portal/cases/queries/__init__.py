"""Reads of the staff's side: frozen rows made for one screen each, always seen through `subjects.visible`."""
