"""Translating at the web floor, typed: `_('Submit an appeal')`, `ngettext('%(num)s case', '%(num)s cases', n)`."""

from portal.web.phrases import book


def _(message: str, **holes: object) -> str:
    """The message in the reader's language, its holes filled."""
    text = book().text(message)
    return text % holes if holes else text


def ngettext(one: str, many: str, num: int, **holes: object) -> str:
    """The message for so many; `%(num)s` is the number."""
    return book().plural(one, many, num) % {"num": num, **holes}
