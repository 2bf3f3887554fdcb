"""Which authority signs a notice of a region."""

from __future__ import annotations

from workflows.registers import regions

_TOWNSHIP_DIGITS, _COUNTY_DIGITS = 9, 6


def issuer_of(region: str) -> str:
    """Return the full name of the authority of a township, a county-level unit, or the city for anything else."""
    units = regions.regions()
    if len(region) >= _TOWNSHIP_DIGITS and region[:_TOWNSHIP_DIGITS] in units:
        return _county(region[:_COUNTY_DIGITS]) + _township(regions.name(region))
    if region[:_COUNTY_DIGITS] in units and len(region) == _COUNTY_DIGITS:
        return _county(region) + _county_office(region)
    return f"{regions.CITY_NAME}民政局"


def _county(code: str) -> str:
    unit = regions.regions()[code]
    return f"{regions.CITY_NAME}{unit.name}" if unit.kind == "district" else unit.name


def _county_office(code: str) -> str:
    return "管理委员会" if regions.regions()[code].kind == "functional_zone" else "民政局"


def _township(name: str) -> str:
    if name.endswith("街道"):
        return f"{name}办事处"
    return f"{name}人民政府" if name.endswith(("镇", "乡")) else f"{name}管理机构"
