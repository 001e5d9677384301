"""How names, codes and what people sign in with are written: one shape each, whatever was typed. Pure."""

import re
import unicodedata

from portal.kernel.errors import Invalid
from portal.kernel.words import N_

LONGEST_NAME = 80
LONGEST_STAFF_NUMBER = 40
_PHONE_DIGITS = range(7, 16)
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s.]{2,}")
_CODE = re.compile(r"[^\W_][\w.-]{0,39}")


def person_name(typed: str) -> str:
    """A person's name."""
    return required_name(typed, LONGEST_NAME)


def required_name(typed: str, longest: int) -> str:
    """A name that is there and not too long, with single spaces inside at most."""
    name = " ".join(typed.split())
    if not name:
        raise Invalid("no_name", N_("Give a name."), field="name")
    if len(name) > longest:
        raise Invalid("name_length", N_("Please use at most %(max)d characters."), field="name", max=longest)
    return name


def staff_number(typed: str | None) -> str | None:
    """A staff number as it is kept."""
    number = unicodedata.normalize("NFKC", typed or "").strip()
    if len(number) > LONGEST_STAFF_NUMBER or any(c.isspace() for c in number):
        raise Invalid(
            "staff_number_shape",
            N_("A staff number has at most 40 characters and no spaces."),
            field="staff_number",
        )
    return number or None


def phone(typed: str | None) -> str | None:
    """Digits only, without the country's own prefix; what stands between them does not matter."""
    wide = unicodedata.normalize("NFKC", typed or "").strip()
    if not wide:
        return None
    digits = phone_digits(wide)
    if len(digits) not in _PHONE_DIGITS or re.search(r"[^\d\s()+-]", wide):
        raise Invalid("phone_shape", N_("A phone number has 7 to 15 digits."), field="phone")
    return digits


def phone_digits(typed: str) -> str:
    """The digits of a phone number; +86 and 0086 before a mobile number say nothing new."""
    digits = "".join(c for c in unicodedata.normalize("NFKC", typed) if c in "0123456789")
    return re.sub(r"^(?:00)?86(?=1\d{10}$)", "", digits)


def email(typed: str | None) -> str | None:
    """A mail address in small letters, as mail programs do not tell them apart."""
    address = unicodedata.normalize("NFKC", typed or "").strip().lower()
    if address and (len(address) > 254 or not _EMAIL.fullmatch(address)):
        raise Invalid("email_shape", N_("This is not an e-mail address."), field="email")
    return address or None


def code(typed: str) -> str:
    """The code of a unit, an area, a category or a channel: short, without spaces, never given again."""
    found = unicodedata.normalize("NFKC", typed).strip()
    if not _CODE.fullmatch(found):
        raise Invalid(
            "code_shape",
            N_("A code has at most 40 letters, digits, dots, dashes or underscores, and no spaces."),
            field="code",
        )
    return found
