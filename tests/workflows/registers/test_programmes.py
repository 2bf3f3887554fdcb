from pathlib import Path

import pytest

from engine.errors import ModelError
from workflows.registers.programmes import programme, programmes

BPMN = Path(__file__).parents[3] / "bpmn"


def test_a_programme_that_has_a_process_names_a_folder_and_the_others_are_referred():
    for one in programmes().values():
        assert one.process is None or (BPMN / one.process / f"{one.process}.bpmn").is_file()
    assert programme("temp").process == "relief"


def test_an_unknown_programme_is_told_with_the_known_ones():
    with pytest.raises(ModelError, match="temp, dibao"):
        programme("nothing")
