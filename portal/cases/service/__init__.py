"""Use cases of the loop, one module per ability; every door calls these and nothing else writes cases.

Arguments `db`, `now`, `actor` first; errors are those of `portal.kernel.errors`.
"""

from portal.cases.service.filing import Contact, Filed, Filing, file_appeal, open_case

__all__ = ["Contact", "Filed", "Filing", "file_appeal", "open_case"]
