"""XPath's regular expressions run on RE2: what it lacks is translated, what cannot be linear is refused."""

from __future__ import annotations

import unicodedata

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from engine.feel import examine
from engine.feel.character_sets import complement, difference, of_category, of_ranges, union, written
from engine.feel.regular_expressions import NoPattern, translated

MATCHING = [
    (r"^[a-z-[aeiou]]+$", "xyz", "xayz"),
    (r"^[\p{L}-[a-z]]+$", "ÀB", "Àb"),
    (r"^[^a-c-[x]]$", "d", "x"),
    (r"^[a-z-[m-p-[n]]]$", "n", "o"),
    (r"^[\w-[\d]]+$", "中a", "a1"),
    (r"^[\d\-x]+$", "٣-x", "a"),
    (r"^\w$", "中", "_"),
    (r"^\W$", "_", "é"),
    (r"^\s\S$", "\tx", "\u00a0x"),
    (r"^\D$", "x", "7"),
    (r"^\i\c*$", "_a-b.1", "1a"),
    (r"^\I\C$", "1!", "a!"),
    (r"^\p{IsCJKUnifiedIdeographs}+$", "家庭", "家a"),
    (r"^\P{IsBasicLatin}$", "é", "e"),
    (r"^\p{IsGreek}$", "λ", "l"),
    (r"^\p{Lu}\p{Nd}$", "A1", "a1"),
    (r"^\p{Cn}$", "\u0378", "a"),
    (r"^\p{C}$", "\u0007", " "),
    (r"^a{2,3}?$", "aa", "a"),
    (r"^(a|b(?:c))+$", "abca", "abb"),
    (r"^\^\$\{\}\[\]\-\|$", "^${}[]-|", "x"),
    (r"^[-a]$", "-", "b"),
    (r"^[a-]$", "-", "b"),
    (r"^[a^]$", "^", "b"),
    (r"^[\n\t\\]$", "\\", "n"),
]
REFUSED = [
    r"(a)\1", r"\2", "(?=a)", "(?P<n>a)", "(?i)a", r"\b", r"\A", r"\Q", r"\x41", "a**", "*a", "+", "a{,3}", "{", "a}", "]",
    "[]", "[]a]", "[^]", "[a", "[a[b]", "[z-a]", r"[a-\d]", r"[\1]", r"\p{Xx}", r"\p{IsNowhere}", r"\p{L", r"\pL", "(", ")", "a)(",
    "\\", "[[:alpha:]]", "a{5000}", "x" * 1001, "[a-[b]", "[a-[b]c]",
]  # fmt: skip


def matches(text: str, pattern: str, flags: str = "") -> object:
    return examine("matches(t, p, f)", {"t": text, "p": pattern, "f": flags}).value


@pytest.mark.parametrize(("pattern", "good", "bad"), MATCHING)
def test_a_pattern_finds_what_xpath_says(pattern: str, good: str, bad: str) -> None:
    assert matches(good, pattern) is True
    assert matches(bad, pattern) is False


@pytest.mark.parametrize("pattern", REFUSED)
def test_what_is_no_pattern_is_null_with_a_problem(pattern: str) -> None:
    for call in ("matches(t, p)", 'replace(t, p, "")', "split(t, p)"):
        evaluation = examine(call, {"t": "aaa", "p": pattern})
        assert evaluation.value is None
        assert len(evaluation.problems) == 1


def test_a_reference_to_a_group_is_named_as_the_reason() -> None:
    assert "back references" in examine('matches("aa", "(a)\\1")', {}).problems[0].message.en


@pytest.mark.parametrize(
    ("pattern", "flags", "text", "expected"),
    [
        ("a.b", "s", "a\nb", True),
        ("a.b", "", "a\nb", False),
        ("^b$", "m", "a\nb", True),
        ("^b$", "", "a\nb", False),
        ("FOO", "i", "foo", True),
        ("^[A-Z-[IO]]$", "i", "i", False),
        ("^[A-Z-[IO]]$", "i", "a", True),
        ("f o\to", "x", "foo", True),
        ("f[ ]o", "x", "f o", True),
        ("a.b*", "q", "xa.b*", True),
        ("A.B", "qi", "a.b", True),
        ("a", "z", "a", None),
        ("^[a-z-[\\p{Lm}]]$", "i", "a", None),
    ],
)
def test_flags(pattern: str, flags: str, text: str, expected: object) -> None:
    assert matches(text, pattern, flags) is expected


@pytest.mark.parametrize(
    ("replacement", "expected"),
    [
        ("$1", "b"),
        ("[$0]", "[b]"),
        ("$10", "b0"),
        ("$2x", "x"),
        ("\\$1", "$1"),
        ("\\\\", "\\"),
        ("$", None),
        ("\\n", None),
    ],
)
def test_replacements(replacement: str, expected: str | None) -> None:
    assert examine('replace("b", "(b)", r)', {"r": replacement}).value == expected


@pytest.mark.parametrize("call", ['replace("abc", "x*", "-")', 'split("abc", "x?")', 'split("abc", "")'])
def test_what_would_match_nothing_at_all_cannot_divide_a_text(call: str) -> None:
    assert examine(call, {}).value is None


RANGES = st.lists(
    st.tuples(st.integers(0x20, 0x2FF), st.integers(0, 60)).map(lambda pair: (pair[0], pair[0] + pair[1])), max_size=3
)
SETS = st.recursive(
    RANGES.map(lambda ranges: of_ranges(*ranges)) | st.sampled_from(["L", "Lu", "Nd", "P"]).map(of_category),
    lambda inner: st.one_of(
        inner.map(complement),
        st.builds(union, inner, inner),
        st.builds(difference, inner, inner),
    ),
    max_leaves=4,
)


@given(SETS, SETS, st.characters(min_codepoint=0x20, max_codepoint=0x2FF))
def test_sets_are_written_as_what_they_are(a: object, b: object, letter: str) -> None:
    def has(characters: object) -> bool:
        return re2.fullmatch(written(characters), letter) is not None  # type: ignore[arg-type]  # drawn by SETS

    assert has(complement(a)) is not has(a)  # type: ignore[arg-type]  # drawn by SETS
    assert has(union(a, b)) is (has(a) or has(b))  # type: ignore[arg-type]  # drawn by SETS
    assert has(difference(a, b)) is (has(a) and not has(b))  # type: ignore[arg-type]  # drawn by SETS


@given(st.characters(codec="utf-8"))
def test_classes_are_the_categories_of_unicode(letter: str) -> None:
    category = unicodedata.category(letter)
    if category == "Cn":
        return  # The two tables may be of different versions.
    assert matches(letter, r"^\d$", "s") is (category == "Nd")
    assert matches(letter, r"^\w$", "s") is (category[0] in "LMNS")


def refusal(source: str) -> str:
    try:
        re2.compile(source)
    except re2.error as error:
        return str(error)
    return ""


@given(st.text(st.characters(codec="utf-8"), max_size=30), st.sampled_from(["", "s", "i", "x", "sx"]))
def test_any_text_is_refused_or_becomes_a_pattern_of_re2(pattern: str, flags: str) -> None:
    try:
        source = translated(pattern, flags)
    except NoPattern:
        return
    assert not refusal(source) or "repetition" in refusal(source)
