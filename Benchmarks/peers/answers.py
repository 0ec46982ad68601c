"""Answers of different engines in one form, and whether two of them agree."""

import math
from datetime import date, datetime, timezone
from decimal import Decimal


def plain(value):
    """Numbers, strings, booleans, null and sorted lists; times of day as seconds since 1970."""
    if isinstance(value, datetime):
        return int(value.replace(tzinfo=timezone.utc).timestamp())
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict) and "$localdatetime" in value:
        return plain(datetime.fromisoformat(value["$localdatetime"]))
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, (list, tuple)):
        return sorted((plain(part) for part in value), key=str)
    return value


def ordered(rows):
    """Rows in an order that small differences of floats cannot change where other columns tell."""
    def key(row):
        return ([str(value) for value in row if not isinstance(value, float)],
                [value for value in row if isinstance(value, float)])
    return sorted(rows, key=key)


def same(a, b):
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-6)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b


def difference(ours, theirs):
    """None if both are the same multiset of rows, else what differs first."""
    if len(ours) != len(theirs):
        return f"{len(ours)} rows against {len(theirs)}"
    for a, b in zip(ordered(ours), ordered(theirs)):
        if not same(list(a), list(b)):
            return f"{a} against {b}"
    return None
