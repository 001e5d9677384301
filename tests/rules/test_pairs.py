"""Search terms: what is indexed, what is asked, and that the two meet in a real FTS5 table."""

import sqlite3

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.kernel.pairs import (
    LONGEST_WORD,
    Phrase,
    fold,
    fts5_query,
    index_terms,
    index_text,
    query_phrases,
    query_terms,
    tsquery,
)

ANYTHING = st.text(max_size=300)
HAN = st.text("地铁站號号线東东", min_size=1, max_size=5)
MIXED = st.text("地铁號号a2 ，.", max_size=40)


@pytest.mark.parametrize(
    ("text", "terms", "remark"),
    [
        ("地铁站", "地铁 铁站 站", "pairs, and the last character alone"),
        ("路", "路", "a single character is its own last"),
        ("地铁，公交", "地铁 铁 公交 交", "punctuation parts runs"),
        ("A市地铁2号线", "a 市地 地铁 铁 2 号线 线", "Latin and numbers whole"),
        ("Open Lounge 2026", "open lounge 2026", "words as they are, case folded"),
        ("ＡＢＣ１２３", "abc123", "full width is folded"),
        ("①②", "12", "so are circled digits"),
        ("大\u200b桥", "大桥 桥", "a zero width space parts nothing"),
        ("大\ufe0f桥", "大桥 桥", "nor a variation selector"),
        ("大\n桥", "大 桥", "a line break does"),
        ("西橋區", "西桥 桥区 区", "Traditional counts as Simplified"),
        ("乾坤", "干坤 坤", "one by one, whatever the neighbours"),
        ("Café Müller", "cafe muller", "accents fold as FTS5 folds them"),
        ("STRASSE straße", "strasse strasse", "case folding, not lower case"),
        ("snake_case", "snake case", "the underscore is no letter"),
        ("〇二", "〇二 二", "the Han zero"),
        ("人々", "人々 々", "the repetition mark"),
        ("𠮷野家", "𠮷野 野家 家", "characters beyond the first plane"),
        ("！？“”…", "", "punctuation only"),
        ("", "", "nothing"),
    ],
)
def test_index_text(text: str, terms: str, remark: str) -> None:
    assert index_text(text) == terms, remark


@pytest.mark.parametrize(
    ("query", "fts5", "postgres", "remark"),
    [
        ("地铁", '"地铁"', "(地铁)", "two characters"),
        ("地铁站", '"地铁 铁站"', "(地铁 <-> 铁站)", "three: adjacent pairs"),
        ("站", '"站"*', "(站:*)", "one: the beginning of a term"),
        ("2号", '"2 号"*', "(2 <-> 号:*)", "a number and one character"),
        ("2号线", '"2 号线"', "(2 <-> 号线)", "a number and two"),
        ("地铁2", '"地铁 铁 2"', "(地铁 <-> 铁 <-> 2)", "the run ends inside: its last character stands"),
        ("地铁 公交", '"地铁" AND "公交"', "(地铁) & (公交)", "a space: both, anywhere"),
        ("地铁\u3000公交", '"地铁" AND "公交"', "(地铁) & (公交)", "so with a wide space"),
        ("地铁 地鐵", '"地铁"', "(地铁)", "the same asked twice"),
        ("Lounge", '"lounge"', "(lounge)", "a word"),
        ('"地铁" OR 1', '"地铁" AND "or" AND "1"', "(地铁) & (or) & (1)", "operators are words"),
        ("地铁' | !x:* <->", '"地铁" AND "x"', "(地铁) & (x)", "and signs are nothing"),
        ("NEAR(a b)", '"near a" AND "b"', "(near <-> a) & (b)", "no functions"),
        ("  ，。* ", None, None, "nothing to search for"),
        ("", None, None, "nothing at all"),
        ("\x00\ud800\u202e", None, None, "what is no text"),
    ],
)
def test_queries(query: str, fts5: str | None, postgres: str | None, remark: str) -> None:
    assert fts5_query(query) == fts5, remark
    assert tsquery(query) == postgres, remark


def test_query_terms_are_those_of_all_phrases() -> None:
    assert query_terms("地铁站 2号") == ["地铁", "铁站", "2", "号"]
    assert query_phrases("2号") == (Phrase(("2", "号"), open_end=True),)


def test_very_long_words_and_queries_are_cut_on_both_sides() -> None:
    assert index_text("x" * 5000) == "x" * LONGEST_WORD
    assert query_terms("x" * 5000) == ["x" * LONGEST_WORD]
    assert len(query_terms("地铁" * 5000)) < 200


@given(ANYTHING)
@example("\ud800 地\x00铁")
def test_terms_hold_no_sign_of_a_query_language(text: str) -> None:
    for term in [*index_terms(text), *query_terms(text)]:
        assert all(sign.isalnum() or sign == "々" or sign >= "\U00020000" for sign in term)
        assert len(term) <= LONGEST_WORD
        term.encode()


@given(ANYTHING)
def test_folding_twice_changes_no_terms(text: str) -> None:
    assert index_terms(fold(text)) == index_terms(text)


def search(document: str, query: str) -> bool:
    """Whether a real FTS5 table with this one document finds it."""
    with sqlite3.connect(":memory:") as db:
        db.execute("CREATE VIRTUAL TABLE t USING fts5(terms, tokenize='unicode61')")
        db.execute("INSERT INTO t VALUES (?)", (index_text(document),))
        asked = fts5_query(query)
        found = asked is not None and db.execute("SELECT 1 FROM t WHERE t MATCH ?", (asked,)).fetchone()
    db.close()
    return bool(found)


@given(MIXED, HAN)
@example("地铁，号线", "铁号")
@example("东站", "站")
@example("线东", "線東")
def test_han_is_found_exactly_where_it_stands(document: str, query: str) -> None:
    assert search(document, query) == (fold(query) in fold(document))


@given(MIXED, st.data())
def test_any_piece_of_a_document_cut_between_words_is_found(document: str, data: st.DataObject) -> None:
    words = document.split()
    if not words:
        return
    first = data.draw(st.integers(0, len(words) - 1))
    piece = " ".join(words[first : data.draw(st.integers(first + 1, len(words)))])
    assert search(document, piece) or not query_terms(piece)


@given(ANYTHING, ANYTHING)
@example("", '"')
@example("x", "' OR 1=1 --")
@example("x", "地" * 10_000)
@example("x", "^a NOT b -c {col}: d")
def test_no_input_breaks_the_query_language(document: str, query: str) -> None:
    search(document, query)


@given(ANYTHING)
def test_every_document_is_found_by_its_own_first_term(document: str) -> None:
    terms = index_terms(document)
    if terms and all("\u4e00" <= character <= "\u9fff" or character.isascii() for character in terms[0]):
        assert search(document, terms[0])
