"""Appeals from tables: a file is read, its columns mapped to fields, each row checked, and all of them taken in.

`reading` and its two kinds of files, `maps`, `checking`, `running`; the command is `portal.intake.commands`.
"""
