"""Ladybug, which goes on with Kùzu."""

import ladybug

from .kuzu_family import bind

VERSION, CONFIGURATION, load, Engine = bind(ladybug)
