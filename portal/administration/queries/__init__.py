"""Reads for the administrator's pages: frozen rows, made for one screen each."""
