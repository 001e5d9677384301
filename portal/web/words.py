"""Translating at the web floor, typed: `_('Submit an appeal')`, `ngettext('%(num)s case', '%(num)s cases', n)`."""

from flask_babel import gettext
from flask_babel import ngettext as plural


def _(message: str, **holes: object) -> str:
    """The message in the reader's language, its holes filled."""
    return str(gettext(message, **holes))


def ngettext(one: str, many: str, num: int, **holes: object) -> str:
    """The message for so many; `%(num)s` is the number."""
    return str(plural(one, many, num, **holes))
