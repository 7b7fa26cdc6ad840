"""Numbers as bit patterns, so that nothing is lost between the library and a script."""

from __future__ import annotations

from typing import Any

import numpy as np


def hex64(values: Any) -> Any:
    """Return float64 values as sixteen hexadecimal digits each, in nested lists."""
    array = np.asarray(values, np.float64)
    return np.vectorize("{:016x}".format, otypes=[object])(array.view(np.uint64)).tolist()


def hex32(values: Any) -> Any:
    """Return float32 values as eight hexadecimal digits each, in nested lists."""
    array = np.asarray(values, np.float32)
    return np.vectorize("{:08x}".format, otypes=[object])(array.view(np.uint32)).tolist()
