"""Forms: a form-js schema -> fields, HTML made by the server, validation by the server."""

from engine.forms.compile import compile_form
from engine.forms.fields import Field, Option
from engine.forms.findings import FormError
from engine.forms.form import Form, Page
from engine.forms.masking import mask
from engine.forms.options import Source
from engine.forms.render import compile_templates
from engine.forms.submit import Submission

__all__ = [
    "Field",
    "Form",
    "FormError",
    "Option",
    "Page",
    "Source",
    "Submission",
    "compile_form",
    "compile_templates",
    "mask",
]
