"""A code as it is read out on the phone, group by group. Pure."""

GROUP = 4
_WORDS = dict(
    zip(
        "ABCDEFGHJKMNPQRSTVWXYZ",
        (
            *(
                "Alfa",
                "Bravo",
                "Charlie",
                "Delta",
                "Echo",
                "Foxtrot",
                "Golf",
                "Hotel",
                "Juliett",
                "Kilo",
                "Mike",
            ),
            *(
                "November",
                "Papa",
                "Quebec",
                "Romeo",
                "Sierra",
                "Tango",
                "Victor",
                "Whiskey",
                "X-ray",
                "Yankee",
            ),
            "Zulu",
        ),
        strict=True,
    )
)
_ENGLISH = dict(
    zip(
        "0123456789",
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
        strict=True,
    )
)
_CHINESE = dict(zip("0123456789", "零幺二三四五六七八九", strict=True))


def groups(code: str) -> list[str]:
    """In groups of four."""
    return [code[start : start + GROUP] for start in range(0, len(code), GROUP)]


def spoken(group: str, locale: str) -> str:
    """One group in words: in English each letter by its word, in Chinese 1 as 幺, so that it is no 7."""
    if locale == "en":
        return " · ".join(_ENGLISH.get(sign) or _WORDS.get(sign, sign) for sign in group)
    return " ".join(_CHINESE.get(sign, sign) for sign in group)
