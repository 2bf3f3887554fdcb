"""A folder or an upload -> a bundle: files, names, roles, numbers, calendar, checksum."""

from engine.bundle.library import Library, called_processes, read_library
from engine.bundle.policy import policy_in_force, read_policy
from engine.bundle.registers import read_calendar, read_roles, read_services
from engine.bundle.upload import read_upload
from engine.bundle.yaml import FileError

__all__ = [
    "FileError",
    "Library",
    "called_processes",
    "policy_in_force",
    "read_calendar",
    "read_library",
    "read_policy",
    "read_roles",
    "read_services",
    "read_upload",
]
