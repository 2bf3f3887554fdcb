from collections import Counter

import pytest

from workflows.registers import regions


def test_the_city_has_15_counties_and_170_townships_of_which_154_are_named_so():
    townships = regions.townships()

    assert len(regions.counties()) == 15
    assert len(townships) == 170
    named = [unit for unit in townships if unit.name.endswith(("镇", "乡", "街道"))]
    assert len(named) == 154


def test_every_township_lies_in_a_county_and_the_children_are_the_same_units():
    per_county = Counter(unit.code[:6] for unit in regions.townships())

    assert [code for code, _ in regions.children("4107")] == sorted(per_county)
    assert all(len(regions.children(county)) == count for county, count in per_county.items())
    assert regions.children("410721101") == []


@pytest.mark.parametrize(
    ("code", "there"),
    [
        ("4107", True),
        ("410721", True),
        ("410702100", True),
        ("410702100999", True),  # a village: only its township must exist
        ("410702999", False),
        ("410799100001", False),
        ("41070210099x", False),
        ("41072", False),
        ("", False),
    ],
)
def test_a_code_exists_when_its_township_county_or_city_does(code, there):
    assert regions.exists(code) is there


def test_names_are_read_with_the_county_before_the_township():
    assert regions.full_name("410702100") == "红旗区洪门镇"
    assert regions.full_name("410702") == "红旗区"
    assert regions.name("410702100003") == "洪门镇"
