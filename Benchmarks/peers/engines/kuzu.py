"""Kùzu, the last release."""

import kuzu

from .kuzu_family import bind

VERSION, CONFIGURATION, load, Engine = bind(kuzu)
