"""Values on their way from a run to a page."""

from __future__ import annotations

import dataclasses
import json
import math
from collections import namedtuple
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainer.site.encoding import MAX_ARRAY_BYTES, Opaque, decode, encode


def travel(value: Any) -> Any:
    """Encode, write as JSON text, read, decode."""
    arrays: dict[str, Any] = {}
    text = json.dumps(encode(value, arrays))
    return decode(json.loads(text), arrays)


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@given(plain)
def test_plain_values_arrive_unchanged(value: Any) -> None:
    """Integers of any size, floats to the last bit, text and containers arrive as sent."""
    assert travel(value) == value
    assert type(travel(value)) is type(value)


@pytest.mark.parametrize("value", [math.inf, -math.inf, 10**40, -0.0, 2**-1074])
def test_edges_of_numbers(value: float) -> None:
    """Infinities, huge integers, the negative zero and the smallest float survive."""
    assert math.copysign(1, travel(value)) == math.copysign(1, value)
    assert travel(value) == value


def test_nan_stays_nan() -> None:
    """NaN arrives as NaN, so that quoting it can be refused."""
    assert math.isnan(travel(math.nan))


@dataclasses.dataclass(frozen=True)
class Layer:
    """A layer with a property."""

    name: str
    shape: tuple[int, int]

    @property
    def parameters(self) -> int:
        """Return rows times columns."""
        return self.shape[0] * self.shape[1]

    @property
    def broken(self) -> int:
        """Raise, as a property may."""
        raise ValueError


def test_dataclass_keeps_fields_and_properties() -> None:
    """A page can quote a dataclass's fields and properties; one that raises is left out."""
    layer = travel([Layer("head", (3, 4))])[0]
    assert (layer.name, layer.shape, layer.parameters) == ("head", (3, 4), 12)
    assert not hasattr(layer, "broken")


def test_namedtuple_keeps_its_names() -> None:
    """A named tuple's fields arrive by name."""
    Point = namedtuple("Point", "x y")
    arrived = travel(Point(1, 2))
    assert (arrived.x, arrived.y) == (1, 2)


@pytest.mark.parametrize(
    "dtype", ["float32", "float16", "bfloat16", "float8_e4m3fn", "int8", "int4"]
)
def test_arrays_arrive_exact(dtype: str) -> None:
    """Arrays of every format arrive with exactly their values, bfloat16 and float8 included."""
    sent = jnp.arange(6).astype(dtype).reshape(2, 3)
    arrived = travel(sent)
    assert isinstance(arrived, np.ndarray)
    np.testing.assert_array_equal(arrived.astype(np.float64), np.arange(6.0).reshape(2, 3))


def test_scalar_arrays_become_numbers() -> None:
    """A 0-d array or NumPy scalar is a number on the page."""
    assert travel(jnp.float32(0.5)) == 0.5
    assert type(travel(np.int64(3))) is int


def test_shapes_without_data() -> None:
    """What `jax.eval_shape` gives can be quoted by shape and size."""
    shape = travel(jax.eval_shape(lambda: jnp.zeros((3, 5))))
    assert (shape.shape, shape.size) == ((3, 5), 15)


def test_what_cannot_be_stored_says_why() -> None:
    """A value of no known kind, or too large, arrives as the reason."""
    assert "type object" in travel(object()).reason
    large = np.broadcast_to(np.float64(0), (MAX_ARRAY_BYTES // 8 + 1,))
    assert isinstance(travel(large), Opaque)
    nested: list[Any] = []
    for _ in range(30):
        nested = [nested]
    assert "nested" in json.dumps(encode(nested, {}))
