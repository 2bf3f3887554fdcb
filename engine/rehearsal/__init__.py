"""Plays scenarios through the real commands and tells which sequence flows they took."""

from engine.rehearsal.coverage import Flow, flows_of
from engine.rehearsal.play import Failure, play
from engine.rehearsal.rehearse import Rehearsal, rehearse
from engine.rehearsal.stage import Stage

__all__ = ["Failure", "Flow", "Rehearsal", "Stage", "flows_of", "play", "rehearse"]
