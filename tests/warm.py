"""Imported by the process that tests fork servers from: they need not compile what this one has compiled."""

from web.cli.warm import warm_up

warm_up()
