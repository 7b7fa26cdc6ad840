"""One training loop: a compiled `lax.scan` over steps, on one device or on many.

A loss is a function `loss(params, batch, key)` whose value is a mean over the examples of `batch`,
any tree of arrays that share their first axis. What else it needs (a temperature, a dropout rate)
and may change without a new compilation is bound with `jax.tree_util.Partial`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import optax
from jax import Array
from jax.sharding import AxisType, Mesh, NamedSharding, PartitionSpec
from jax.tree_util import Partial
from jaxtyping import Int

from explainer.gradients import Loss, Tree, value_and_gradient

Metrics = Callable[[Tree, Tree], dict[str, Array]]


class Curves(NamedTuple):
    """What was measured along the way: before the first step, every `record_every`, at the end.

    Args:
        steps: Updates done so far, shape `[num_records]`.
        metrics: Each metric by name, shape `[num_records]`.
    """

    steps: Array
    metrics: dict[str, Array]


class Trained(NamedTuple):
    """The result of a training run.

    Args:
        params: The last parameters.
        losses: Loss of each step's batch before its update, shape `[num_steps]`.
        curves: The recorded metrics, or None where no metrics were asked for.
    """

    params: Tree
    losses: Array
    curves: Curves | None


def train(
    params: Tree,
    data: Tree,
    *,
    loss: Loss,
    optimizer: optax.GradientTransformation,
    num_steps: int,
    key: Array,
    batch_size: int | None = None,
    num_chunks: int = 1,
    metrics: Metrics | None = None,
    watched: Tree = None,
    record_every: int | None = None,
    mesh: Mesh | None = None,
) -> Trained:
    """Train, in one compiled program.

    Call it again with the same `loss`, `optimizer` (the same object) and shapes, and nothing is
    compiled again. To train several seeds at once, `jax.vmap` it over `params` and `key`.

    Args:
        params: Where to start: any tree of float arrays.
        data: The training examples: a tree of arrays that share their first axis.
        loss: `loss(params, batch, key)`, a mean over the batch.
        optimizer: From optax; weight decay and schedules belong to it.
        num_steps: How many updates.
        key: For the order of the examples and for what the loss draws (dropout).
        batch_size: Examples a step; None for all of them. Each epoch is a fresh permutation, its
            ragged rest left out.
        num_chunks: In how many equal parts each batch goes through the model; their gradients
            are averaged before the update, so only the memory changes.
        metrics: `metrics(params, watched)`, a dictionary of scalars.
        watched: What `metrics` looks at, such as training and test examples.
        record_every: Steps between two records; None for only the start and the end.
        mesh: Devices to share each batch over, along the first axis of the mesh; None for one
            device. The result is that of one device up to the order of float additions.

    Returns:
        Parameters, losses and curves.

    Raises:
        ValueError: If a batch does not divide into the chunks and devices or is larger than the
            data, if the mesh's first axis is not of type Auto, or if `num_steps` is no multiple
            of `record_every`.

    Examples:
        >>> def loss(params, batch, key):
        ...     return ((params * batch["x"] - batch["y"]) ** 2).mean()
        >>> data = {"x": jnp.array([1.0, 2.0]), "y": jnp.array([3.0, 6.0])}
        >>> run = train(jnp.array(0.0), data, loss=loss, optimizer=optax.sgd(0.1), num_steps=50,
        ...             key=jax.random.key(0))
        >>> round(float(run.params), 4)
        3.0
    """
    num_examples = len(jax.tree.leaves(data)[0])
    batch_size = num_examples if batch_size is None else batch_size
    record_every = num_steps if record_every is None else record_every
    num_devices = 1 if mesh is None else mesh.shape[mesh.axis_names[0]]
    if not 0 < batch_size <= num_examples:
        raise ValueError(f"`batch_size` (={batch_size}) must be 1 to {num_examples}, the data")
    if batch_size % (num_chunks * num_devices):
        raise ValueError(
            f"`batch_size` (={batch_size}) must be divisible by `num_chunks` (={num_chunks}) "
            f"times the devices of the mesh (={num_devices})"
        )
    if mesh is not None and mesh.axis_types[0] != AxisType.Auto:
        raise ValueError(
            f"the first axis of `mesh` must be of type Auto (is {mesh.axis_types[0].name}): build "
            "it with `jax.sharding.Mesh(devices, names)`; `jax.make_mesh` makes Explicit ones"
        )
    if record_every < 1 or num_steps % record_every:
        raise ValueError(
            f"`num_steps` (={num_steps}) must be a multiple of `record_every` (={record_every})"
        )
    trained: Trained = _run(
        params,
        data,
        key,
        watched,
        _as_partial(loss),
        metrics if metrics is None else _as_partial(metrics),
        optimizer=optimizer,
        num_steps=num_steps,
        batch_size=batch_size,
        num_chunks=num_chunks,
        record_every=record_every,
        mesh=mesh,
    )
    return trained


def _as_partial(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function as a tree: what it binds is an argument of the compiled program."""
    if isinstance(function, Partial):
        return function
    partial_function: Callable[..., Any] = Partial(function)  # type: ignore[no-untyped-call]
    return partial_function


_STATIC = ("optimizer", "num_steps", "batch_size", "num_chunks", "record_every", "mesh")


@partial(jax.jit, static_argnames=_STATIC)
def _run(
    params: Tree,
    data: Tree,
    key: Array,
    watched: Tree,
    loss: Loss,
    metrics: Metrics | None,
    *,
    optimizer: optax.GradientTransformation,
    num_steps: int,
    batch_size: int,
    num_chunks: int,
    record_every: int,
    mesh: Mesh | None,
) -> Trained:
    order_key, draw_key = jax.random.split(key)
    rows = None
    # With the whole batch the order does not matter and nothing has to be gathered.
    if batch_size < (num_examples := len(jax.tree.leaves(data)[0])):
        rows = batch_rows(num_examples, batch_size, num_steps, key=order_key)

    def step(state: Tree, now: tuple[Array, Array | None]) -> tuple[Tree, Array]:
        step_key, chosen = now
        params, opt_state = state
        batch = data if chosen is None else jax.tree.map(lambda leaf: leaf[chosen], data)
        value, gradient = value_and_gradient(
            loss, params, _shared(batch, mesh), key=step_key, num_chunks=num_chunks
        )
        # optax mixes integer step counts with floats: allowed here, wherever we are called from.
        with jax.numpy_dtype_promotion("standard"):
            updates, opt_state = optimizer.update(gradient, opt_state, params)
        return (optax.apply_updates(params, updates), opt_state), value

    def block(state: Tree, now: Tree) -> tuple[Tree, tuple[Array, Tree]]:
        seen = None if metrics is None else metrics(state[0], watched)
        state, losses = jax.lax.scan(step, state, now)
        return state, (losses, seen)

    blocks = jax.tree.map(
        lambda leaf: leaf.reshape(-1, record_every, *leaf.shape[1:]),
        (jax.random.split(draw_key, num_steps), rows),
    )
    state, (losses, seen) = jax.lax.scan(block, (params, optimizer.init(params)), blocks)
    curves = None
    if metrics is not None:
        last = metrics(state[0], watched)
        steps = record_every * jnp.arange(num_steps // record_every + 1)
        curves = Curves(steps, {name: jnp.append(seen[name], last[name]) for name in last})
    return Trained(state[0], losses.reshape(num_steps), curves)


def _shared(batch: Tree, mesh: Mesh | None) -> Tree:
    """Return the batch, its examples spread over the first axis of the mesh."""
    if mesh is None:
        return batch
    spread = NamedSharding(mesh, PartitionSpec(mesh.axis_names[0]))  # type: ignore[no-untyped-call]
    return jax.lax.with_sharding_constraint(batch, spread)  # type: ignore[no-untyped-call]


def batch_rows(
    num_examples: int, batch_size: int, num_steps: int, *, key: Array
) -> Int[Array, "num_steps batch_size"]:
    """Return which examples each step sees.

    Args:
        num_examples: How many there are.
        batch_size: How many a step sees, at most `num_examples`.
        num_steps: How many steps.
        key: Random key; each epoch draws a permutation of its own.

    Returns:
        Row numbers, shape `[num_steps, batch_size]`. Within an epoch none repeats; what does not
        fill a batch waits for the next epoch's permutation.

    Examples:
        >>> rows = batch_rows(6, 2, 3, key=jax.random.key(0))
        >>> sorted(rows.ravel().tolist())
        [0, 1, 2, 3, 4, 5]
    """
    per_epoch = num_examples // batch_size
    num_epochs = -(-num_steps // per_epoch)
    keys = jax.random.split(key, num_epochs)
    orders = jax.vmap(lambda epoch: jax.random.permutation(epoch, num_examples))(keys)
    used = orders[:, : per_epoch * batch_size].reshape(-1, batch_size)
    return used[:num_steps]
