"""Training the tiny GPT to sort letters: batches, steps and checks are one compiled program.

One input in four is held out, always the same ones: training never sees them.
A run may be shared by many devices: batches over the first axis of a mesh, matrices over another.
"""

from __future__ import annotations

import math
from functools import lru_cache, partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax import Array
from jax.sharding import Mesh, NamedSharding, PartitionSpec
from jaxtyping import Float, Int

from explainer.gpt.model import GPTConfig, Params, apply_gpt, init_gpt
from explainer.gpt.sorting import NUM_LETTERS, every_input, sorting_texts
from explainer.training import Trained, train

NUM_HELD_OUT = 182  # of 729 inputs
NUM_STEPS = 300
BATCH_SIZE = 64
LEARNING_RATE = 3e-3
WEIGHT_DECAY = 0.1


class SortingSplit(NamedTuple):
    """Texts to learn from, and texts that training never sees.

    Args:
        train: Token ids, shape `[547, 12]`.
        held_out: Token ids, shape `[182, 12]`.
    """

    train: Int[Array | np.ndarray, "n 12"]
    held_out: Int[Array | np.ndarray, "m 12"]


def split_texts() -> SortingSplit:
    """Return the two parts of the 729 texts, the same at every call and on every machine.

    Inputs of which five or six letters are equal are all learnt from: an answer such as ABBBBB has
    so few inputs that, with some of them held out, now and then one of these comes out wrong. Of
    the others, in the order of their answers, evenly spread ones are held out.

    Returns:
        Two sets that share no input. They share answers: an input that is held out has the same
        letters, in another order, as at least ten that are not.

    Examples:
        >>> len(split_texts().train), len(split_texts().held_out)
        (547, 182)
    """
    texts = sorting_texts(every_input())
    texts = np.random.Generator(np.random.PCG64(0)).permutation(texts)
    most = [np.bincount(text[:NUM_LETTERS]).max() for text in texts]  # times its commonest letter
    # Last what may be held out, in the order of the answers.
    order = np.lexsort([*texts[:, : NUM_LETTERS - 1 : -1].T, np.array(most) < NUM_LETTERS - 1])
    texts, num_rare = texts[order], sum(count >= NUM_LETTERS - 1 for count in most)
    held_out = np.linspace(num_rare, len(texts) - 1, NUM_HELD_OUT).astype(int)
    return SortingSplit(np.delete(texts, held_out, axis=0), texts[held_out])


def answer_logits(
    params: Params, texts: Int[Array | np.ndarray, "n 12"], config: GPTConfig
) -> Float[Array, "n 6 V"]:
    """Return what the model says at the six places of the answer, the right letters before it.

    Args:
        params: Parameters.
        texts: Inputs and right answers, shape `[n, 12]`.
        config: Sizes.

    Returns:
        Logits, shape `[n 6 V]`.
    """
    seen = jnp.asarray(texts)[:, :-1]
    logits = jax.vmap(lambda tokens: apply_gpt(params, tokens, config))(seen)
    return logits[:, NUM_LETTERS - 1 :]


def sorting_loss(
    params: Params, batch: Int[Array | np.ndarray, "n 12"], key: Array
) -> Float[Array, ""]:
    r"""Return the mean cross-entropy of the six letters of the answer, in nats.

    $-\frac{1}{6n} \sum_{i,t} \log \mathrm{softmax}(z_{it})_{y_{it}}$

    What the model says inside the input is not counted: there nothing tells what comes next.

    Args:
        params: Parameters of a model of the default sizes.
        batch: Texts, shape `[n, 12]`.
        key: Not used; a loss of `explainer.training.train` has one.

    Returns:
        The loss.
    """
    logits = answer_logits(params, batch, GPTConfig())
    right = jnp.asarray(batch)[:, NUM_LETTERS:]
    each: Array = optax.losses.softmax_cross_entropy_with_integer_labels(logits, right)
    return each.mean()


def shares_right(params: Params, texts: SortingSplit) -> dict[str, Array]:
    """Return the share of inputs whose six letters of the answer are all said rightly.

    An answer that is right letter by letter, each after the right ones before it, is also the
    answer that the model gives when it goes on from its own letters; so one pass is enough.

    Args:
        params: Parameters of a model of the default sizes.
        texts: Inputs and right answers, in two parts.

    Returns:
        Shares of `train` and of `held_out`, 0 to 1.
    """
    both = jnp.concatenate([jnp.asarray(part) for part in texts])
    said = answer_logits(params, both, GPTConfig()).argmax(-1)
    right = (said == both[:, NUM_LETTERS:]).all(1)
    num_train = len(texts.train)
    return {"train": right[:num_train].mean(), "held_out": right[num_train:].mean()}


def train_sorter(
    *,
    key: Array,
    num_steps: int = NUM_STEPS,
    record_every: int | None = None,
    mesh: Mesh | None = None,
) -> Trained:
    """Train the tiny GPT from its first random parameters.

    AdamW, its learning rate falling to zero along a cosine, gradients clipped to length 1.

    Args:
        key: For the first parameters and the order of the texts.
        num_steps: How many updates.
        record_every: Steps between two checks of what is right, a divisor of `num_steps`; None
            for no checks.
        mesh: Devices to share the work, or None for one: texts over its first axis, matrices over
            its second, if it has one (see `shardings`).

    Returns:
        Parameters, the loss of each step, and the curves of `shares_right`.

    Raises:
        ValueError: If the batch does not divide over the mesh, or `num_steps` is no multiple of
            `record_every`.

    References:
        Loshchilov and Hutter 2019, Decoupled Weight Decay Regularization, algorithm 2. The task is
        that of the demonstration in Karpathy's minGPT.
    """
    trained: Trained = _train_sorter(key, num_steps=num_steps, record_every=record_every, mesh=mesh)
    return trained


@partial(jax.jit, static_argnames=("num_steps", "record_every", "mesh"))
def _train_sorter(
    key: Array, *, num_steps: int, record_every: int | None, mesh: Mesh | None
) -> Trained:
    init_key, train_key = jax.random.split(key)
    params = init_gpt(GPTConfig(), key=init_key)
    if mesh is not None:
        params = jax.lax.with_sharding_constraint(  # type: ignore[no-untyped-call]
            params, shardings(params, mesh)
        )
    texts = SortingSplit(*(jnp.asarray(part) for part in split_texts()))
    return train(
        params,
        texts.train,
        loss=sorting_loss,
        optimizer=_optimizer(num_steps, flat=mesh is None),
        num_steps=num_steps,
        key=train_key,
        batch_size=BATCH_SIZE,
        metrics=None if record_every is None else shares_right,
        watched=None if record_every is None else texts,
        record_every=record_every,
        mesh=mesh,
    )


def rounded(params: Params, *, step: float) -> Params:
    """Return the parameters, each moved to the nearest multiple of a step.

    Args:
        params: Parameters.
        step: A power of two, so that the multiples are exact in float32.

    Returns:
        A tree like `params`.

    Raises:
        ValueError: If `step` is no power of two.

    Examples:
        >>> rounded({"gain": jnp.array([0.3, -0.3])}, step=0.25)["gain"].tolist()
        [0.25, -0.25]
    """
    if math.frexp(step)[0] != 0.5:
        raise ValueError(f"`step` (={step}) must be a power of two, such as 1/512")
    moved: Params = jax.tree.map(lambda leaf: jnp.round(leaf / step) * step, params)
    return moved


@lru_cache
def _optimizer(num_steps: int, *, flat: bool) -> optax.GradientTransformation:
    # Kept, since the same object is what lets `train` reuse its compiled program.
    rate = optax.cosine_decay_schedule(LEARNING_RATE, num_steps)
    adamw = optax.adamw(rate, weight_decay=WEIGHT_DECAY)
    optimizer = optax.chain(optax.clip_by_global_norm(1.0), adamw)
    # One vector of all parameters compiles faster than sixteen arrays; shared ones stay apart.
    return optax.flatten(optimizer) if flat else optimizer


def shardings(params: Params, mesh: Mesh) -> dict[str, Any]:
    """Return where each parameter lives when the matrices are shared over a mesh.

    `qkv` and `up` are cut by outputs, `projection` and `down` by inputs, so that each device has
    a slice of the hidden units and the devices' results add up; all else is on every device.

    Args:
        params: Parameters.
        mesh: Devices; its second axis cuts the matrices. With one axis nothing is cut.

    Returns:
        A tree like `params` of `jax.sharding.NamedSharding`.

    Raises:
        ValueError: If the second axis does not divide the width of the model.

    References:
        Shoeybi et al. 2019, Megatron-LM, section 3. Three heads do not divide over two, four or
        eight devices, so here the compiler moves queries, keys and values between devices once
        more than in the paper.
    """
    axis = mesh.axis_names[1] if len(mesh.axis_names) > 1 else None
    D = params["token_embedding"].shape[1]
    if axis is not None and D % mesh.shape[axis]:
        raise ValueError(
            f"`d_model` (={D}) must be divisible by the devices of axis {axis!r} "
            f"(={mesh.shape[axis]})"
        )
    by_output = {"weight": (None, axis, None), "bias": (None, axis)}
    by_input = {"weight": (None, None, axis), "bias": ()}
    cuts: dict[str, dict[str, tuple[str | None, ...]]] = {
        "qkv": by_output,
        "up": by_output,
        "projection": by_input,
        "down": by_input,
    }

    def place(path: tuple[Any, ...], leaf: Array) -> NamedSharding:
        layer, part = (key.key for key in path[-2:]) if len(path) > 1 else ("", "")
        cut = cuts.get(layer, {}).get(part, ())
        return NamedSharding(mesh, PartitionSpec(*cut))  # type: ignore[no-untyped-call]

    placed: dict[str, Any] = jax.tree_util.tree_map_with_path(place, params)
    return placed
