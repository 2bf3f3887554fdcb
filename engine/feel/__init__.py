"""The FEEL language of DMN: compile once, evaluate often; numbers are exact, errors are values."""

from engine.feel.compiler import Compiled, compile_expression, compile_unary_tests, evaluate, examine
from engine.feel.lexer import FeelSyntaxError
from engine.feel.session import Environment, Limits, Session

__all__ = [
    "Compiled",
    "Environment",
    "FeelSyntaxError",
    "Limits",
    "Session",
    "compile_expression",
    "compile_unary_tests",
    "evaluate",
    "examine",
]
