"""Numbers are IEEE 754 decimals of 34 digits."""

from __future__ import annotations

import decimal
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.feel import evaluate, examine

REFERENCE = decimal.Context(prec=34, rounding=decimal.ROUND_HALF_EVEN)
NUMBERS = st.decimals(min_value=-(10**20), max_value=10**20, allow_nan=False, places=6) | st.integers(-1000, 1000).map(
    Decimal
)


@given(NUMBERS, NUMBERS)
def test_arithmetic_is_that_of_decimal(a: Decimal, b: Decimal) -> None:
    context = {"a": a, "b": b}
    assert evaluate("a + b", context) == REFERENCE.add(a, b)
    assert evaluate("a - b", context) == REFERENCE.subtract(a, b)
    assert evaluate("a * b", context) == REFERENCE.multiply(a, b)
    assert evaluate("-a", context) == -a
    assert evaluate("a / b", context) == (REFERENCE.divide(a, b) if b else None)
    assert evaluate("a < b", context) is (a < b)
    assert evaluate("a >= b", context) is (a >= b)
    assert evaluate("a = b", context) is (a == b)


@given(NUMBERS, st.lists(st.tuples(st.sampled_from("+-*"), NUMBERS), max_size=6))
def test_a_written_sum_is_computed_with_precedence(first: Decimal, rest: list[tuple[str, Decimal]]) -> None:
    text = f"{first:f}" + "".join(f" {sign} {number:f}" for sign, number in rest)
    terms, signs = [first], [1]
    for sign, number in rest:
        if sign == "*":
            terms[-1] = REFERENCE.multiply(terms[-1], number)
        else:
            terms.append(number)
            signs.append(1 if sign == "+" else -1)
    total = terms[0]
    for sign, term in zip(signs[1:], terms[1:], strict=True):
        total = REFERENCE.add(total, term) if sign > 0 else REFERENCE.subtract(total, term)
    assert evaluate(text, {}) == total


@given(NUMBERS, st.integers(-3, 8))
def test_rounding_is_that_of_decimal(number: Decimal, scale: int) -> None:
    step = Decimal(1).scaleb(-scale)
    modes = {
        "decimal": decimal.ROUND_HALF_EVEN,
        "round up": decimal.ROUND_UP,
        "round down": decimal.ROUND_DOWN,
        "round half up": decimal.ROUND_HALF_UP,
        "round half down": decimal.ROUND_HALF_DOWN,
        "floor": decimal.ROUND_FLOOR,
        "ceiling": decimal.ROUND_CEILING,
    }
    for name, mode in modes.items():
        assert evaluate(f"{name}(n, s)", {"n": number, "s": scale}) == number.quantize(step, mode, REFERENCE)


@given(NUMBERS, NUMBERS.filter(bool))
def test_modulo_has_the_sign_of_the_divisor(a: Decimal, b: Decimal) -> None:
    result = evaluate("modulo(a, b)", {"a": a, "b": b})
    wide = decimal.Context(prec=100)
    quotient = wide.divide(a, b).to_integral_value(decimal.ROUND_FLOOR)
    assert result == REFERENCE.plus(wide.subtract(a, wide.multiply(b, quotient)))


@pytest.mark.parametrize(("value", "expected"), [(3, "3"), (0.1, "0.1"), (True, True), (float("nan"), None)])
def test_numbers_of_the_context_become_decimals(value: object, expected: object) -> None:
    result = evaluate("x", {"x": value})
    assert result == (Decimal(expected) if isinstance(expected, str) else expected)
    assert not isinstance(result, (int, float)) or isinstance(result, bool)


@pytest.mark.parametrize("text", ["1 / 0", "0 ** -1", "10 ** 7000", "sqrt(-1)", "log(0)", "modulo(1, 0)", "exp(1e9)"])
def test_what_has_no_result_is_null_with_a_problem(text: str) -> None:
    evaluation = examine(text, {})
    assert evaluation.value is None
    assert len(evaluation.problems) == 1


@given(NUMBERS)
def test_a_number_written_and_read_is_the_same(number: Decimal) -> None:
    assert evaluate("number(string(n))", {"n": number}) == number
