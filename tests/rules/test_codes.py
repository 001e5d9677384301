"""Query codes and credit codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.codes import (
    ALPHABET,
    LENGTH,
    check_credit_code,
    derive,
    display,
    hash_code,
    is_code,
    normalise,
    normalise_credit_code,
)

KEY = b"k" * 32
TEXT = st.text(max_size=40)
CODES = st.builds(derive, st.just(KEY), TEXT, TEXT)


def test_the_alphabet_has_no_look_alikes_and_five_bits_a_sign() -> None:
    assert len(set(ALPHABET)) == 32
    assert not set("OILU") & set(ALPHABET)


def test_a_known_code_never_changes() -> None:
    """Codes are promises: a change of the derivation would lock everybody out."""
    assert derive(KEY, "web", "1f0c") == "WFWZGPKA5XMHSBVE"
    assert hash_code(KEY, "7K3M0Q9X7K3M0Q9X")[:16] == "235c7160a1006e15"


@given(TEXT, TEXT)
def test_a_code_is_sixteen_signs_of_the_alphabet_and_the_same_each_time(scope: str, client: str) -> None:
    code = derive(KEY, scope, client)
    assert len(code) == LENGTH
    assert set(code) <= set(ALPHABET)
    assert derive(KEY, scope, client) == code


@pytest.mark.parametrize(
    ("one", "other", "remark"),
    [
        (("web", "1"), ("web", "2"), "another request"),
        (("web", "1"), ("room", "1"), "another scope"),
        (("ab", "c"), ("a", "bc"), "the parts do not run into each other"),
        (("", "ab"), ("ab", ""), "nor do empty ones"),
    ],
)
def test_codes_differ(one: tuple[str, str], other: tuple[str, str], remark: str) -> None:
    assert derive(KEY, *one) != derive(KEY, *other), remark


def test_another_key_gives_other_codes_and_other_hashes() -> None:
    assert derive(KEY, "web", "1") != derive(b"x" * 32, "web", "1")
    assert hash_code(KEY, "A") != hash_code(b"x" * 32, "A")


def test_every_sign_occurs_at_every_place() -> None:
    codes = [derive(KEY, "web", str(number)) for number in range(1000)]
    assert all({code[place] for code in codes} == set(ALPHABET) for place in range(LENGTH))
    assert len(set(codes)) == 1000


@pytest.mark.parametrize(
    ("typed", "meant", "remark"),
    [
        ("7k3m-0q9x-7k3m-0q9x", "7K3M0Q9X7K3M0Q9X", "as displayed, in small letters"),
        (" 7K3M 0Q9X\t7K3M 0Q9X\n", "7K3M0Q9X7K3M0Q9X", "with spaces"),
        ("７Ｋ３Ｍ－０ｑ９ｘ", "7K3M0Q9X", "full width, as Chinese keyboards give it"),
        ("7K3M—0Q9X–7K3M·0Q9X", "7K3M0Q9X7K3M0Q9X", "any dash"),
        ("7K3M\u200b0Q9X", "7K3M0Q9X", "an invisible space from copying"),
        ("oOiIlLuU", "001111VV", "look-alikes"),
        ("①", "1", "a circled digit"),
        ("", "", "nothing"),
    ],
)
def test_what_was_typed_and_what_was_meant(typed: str, meant: str, remark: str) -> None:
    assert normalise(typed) == meant, remark


@given(CODES)
def test_a_displayed_code_is_read_again(code: str) -> None:
    assert normalise(display(code)) == code
    assert normalise(display(code).lower().replace("0", "o").replace("1", "l")) == code
    assert is_code(code)


def test_a_code_is_displayed_in_groups_of_four() -> None:
    assert display("7K3M0Q9X7K3M0Q9X") == "7K3M-0Q9X-7K3M-0Q9X"


@given(st.text(max_size=400))
def test_nothing_typed_breaks_normalising_or_hashing(typed: str) -> None:
    code = normalise(typed)
    assert len(hash_code(KEY, code)) == 64
    assert normalise(code) == code or not is_code(code)


@pytest.mark.parametrize(
    ("typed", "right", "remark"),
    [
        ("91110000600037341L", True, "a company"),
        ("9111 0000-6000 37341l", True, "spaced and in small letters"),
        ("９１１１００００６０００３７３４１Ｌ", True, "full width"),
        ("91110000600037341M", False, "a wrong check sign"),
        ("91110000600073341L", False, "two digits changed about"),
        ("9111000060003734", False, "too short"),
        ("91110000600037341LL", False, "too long"),
        ("A1110000600037341L", False, "the area is digits"),
        ("9111000060003734٣L", False, "a digit of another script"),
        ("٩111000060003734٣L", False, "two of them"),
        ("", False, "nothing"),
    ],
)
def test_credit_codes(typed: str, right: bool, remark: str) -> None:
    assert check_credit_code(typed) is right, remark


def test_a_credit_code_is_kept_without_ornaments() -> None:
    assert normalise_credit_code(" 9111 0000-6000 37341l ") == "91110000600037341L"
