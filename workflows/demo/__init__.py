"""An invented city at work: people of every role, funds, and 500 relief cases in every state."""

from workflows.demo.load import is_loaded, load_demo
from workflows.demo.planning import plan_demo_cases
from workflows.demo.staff import DEMO_PASSWORD, LOGINS, Login

__all__ = ["DEMO_PASSWORD", "LOGINS", "Login", "is_loaded", "load_demo", "plan_demo_cases"]
