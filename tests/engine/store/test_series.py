import pytest

from engine.store.series import next_number


def test_numbers_begin_at_one_and_have_no_gaps_even_when_work_is_thrown_away(database):
    def take(fail: bool = False) -> int:
        with database.write() as transaction:
            number = next_number(transaction, "case:410721101:2026")
            if fail:
                raise RuntimeError
            return number

    assert take() == 1
    with pytest.raises(RuntimeError):
        take(fail=True)
    assert [take(), take()] == [2, 3]


def test_each_series_counts_for_itself(database):
    with database.write() as transaction:
        assert [next_number(transaction, "a"), next_number(transaction, "b"), next_number(transaction, "a")] == [
            1,
            1,
            2,
        ]
