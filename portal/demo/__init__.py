"""The demonstration city 平澜市: its content as data files, and what loads them. Nothing here is real."""
