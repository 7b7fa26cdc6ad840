"""MiniLM against PyTorch's embeddings, and a tiny BERT against loops in NumPy."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
import pytest
from jax.export import export
from jax.sharding import Mesh, NamedSharding, PartitionSpec
from safetensors.numpy import save_file
from scipy.special import erf
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.pre_tokenizers import Whitespace

from explainer.architectures import architecture
from explainer.architectures.bert import BERT, bert_tensors
from explainer.checkpoints import ModelFileError
from explainer.models import path
from explainer.models.bert import (
    Bert,
    BertConfig,
    BertParams,
    apply_bert,
    bert_states,
    embed_sentences,
    embed_tokens,
    load_bert,
    load_minilm,
    mean_pool,
    tokenize,
)

# Made once in a throw-away environment; versions and method stand in its entry `source`.
REFERENCE = np.load(Path(__file__).parents[1] / "data" / "minilm_reference.npz")
PLATFORMS = ("cpu", "cuda", "tpu")
SIZES = BERT(
    vocab_size=11, num_positions=16, num_types=2, d_model=16, num_layers=2, num_heads=8, d_ff=24
)
CONFIG = {
    "model_type": "bert",
    "vocab_size": 11,
    "max_position_embeddings": 16,
    "type_vocab_size": 2,
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 8,
    "intermediate_size": 24,
    "hidden_act": "gelu",
    "layer_norm_eps": 1e-3,  # large, so that leaving it out shows
}
WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "b", "c", "d", "e", "f", "g")
Tensors = dict[str, npt.NDArray[np.float32]]


def tiny_tensors() -> Tensors:
    """Return random tensors under the names of a checkpoint."""
    rng = np.random.default_rng(0)
    return {
        name: (rng.normal(size=stack.shape) / 3).astype(np.float32)
        for stack in bert_tensors(SIZES)
        for name in stack.names()
    }


def write_tiny(folder: Path, tensors: Tensors, **changes: object) -> Path:
    """Write a directory that holds a tiny BERT."""
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(json.dumps({**CONFIG, **changes}))
    save_file(tensors, folder / "model.safetensors")
    vocabulary = {word: index for index, word in enumerate(WORDS)}
    tokenizer = Tokenizer(WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


@pytest.fixture(scope="module")
def minilm() -> Bert:
    """Load the real model once."""
    return load_minilm()


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Bert:
    """Load the tiny model once."""
    return load_bert(write_tiny(tmp_path_factory.mktemp("tiny"), tiny_tensors()))


def test_tokens_are_the_references(minilm: Bert) -> None:
    """Every sentence has the ids that transformers gives it, neither padded nor cut."""
    tokens = tokenize(minilm, REFERENCE["sentences"].tolist())
    ends = np.cumsum(REFERENCE["lengths"])
    for row, wanted in enumerate(np.split(REFERENCE["ids"], ends[:-1])):
        assert np.asarray(tokens.ids)[row, : len(wanted)].tolist() == wanted.tolist()
        assert int(tokens.mask[row].sum()) == len(wanted)
    assert tokens.ids.shape[1] % 16 == 0
    assert REFERENCE["lengths"].max() > 128  # where the tokenizer's own file would cut


def test_embeddings_agree_with_pytorch(minilm: Bert) -> None:
    """Two dozen sentences in several languages agree with transformers' within 1e-5."""
    found = embed_sentences(minilm, REFERENCE["sentences"].tolist())
    np.testing.assert_allclose(found, REFERENCE["embeddings"], rtol=0, atol=1e-5)


def test_every_layer_agrees_with_pytorch(minilm: Bert) -> None:
    """The vectors before the first layer and after each are transformers' hidden states."""
    tokens = tokenize(minilm, [str(REFERENCE["sentences"][2])])
    states = np.asarray(bert_states(minilm.params, *tokens, minilm.config))
    wanted = REFERENCE["states"]
    assert states.shape[0] == wanted.shape[0] == 7
    found = states[:, 0, : wanted.shape[1], : wanted.shape[2]]
    np.testing.assert_allclose(found, wanted, rtol=0, atol=2e-5)
    last = apply_bert(minilm.params, *tokens, minilm.config)
    np.testing.assert_allclose(states[-1], last, rtol=0, atol=1e-6)


def test_the_tree_holds_every_parameter(minilm: Bert) -> None:
    """Its leaves add up to the published 22,713,216, which the architecture gives too."""
    held = sum(leaf.size for leaf in jax.tree.leaves(minilm.params))
    counted = architecture(str(path("minilm").parent / "config.json"))
    assert held == counted.total == counted.closed_form == 22_713_216


def test_padding_changes_nothing(minilm: Bert) -> None:
    """A sentence alone, beside a long one, and with rubbish at the padding is the same vector."""
    short, long = "The cat sat on the mat.", "a long text " * 40
    alone = embed_sentences(minilm, [short])[0]
    beside = embed_sentences(minilm, [long, short])[1]
    np.testing.assert_allclose(alone, beside, rtol=0, atol=1e-6)
    tokens = tokenize(minilm, [short, long])
    rubbish = jnp.where(tokens.mask, tokens.ids, 4711)
    found = embed_tokens(minilm.params, rubbish, tokens.mask, minilm.config)[0]
    np.testing.assert_allclose(alone, found, rtol=0, atol=1e-6)


def test_two_chinese_sentences_are_one_to_it(minilm: Bert) -> None:
    """“I like cats” and “I like dogs” in Chinese become the same ids: unknown tokens."""
    ids = tokenize(minilm, ["我喜欢猫。", "我喜欢狗。"]).ids.tolist()
    assert ids[0] == ids[1]
    assert ids[0].count(minilm.tokenizer.token_to_id("[UNK]")) >= 2


def loop_bert(t: Tensors, ids: list[int]) -> npt.NDArray[np.float64]:
    """Return the vectors of one text, in loops over heads and tokens, in float64."""
    w: dict[str, Any] = {name: value.astype(np.float64) for name, value in t.items()}

    def norm(name: str, x: Any) -> Any:
        mean, variance = x.mean(-1, keepdims=True), x.var(-1, keepdims=True)
        y = (x - mean) / np.sqrt(variance + CONFIG["layer_norm_eps"])
        return y * w[f"{name}.weight"] + w[f"{name}.bias"]

    def linear(name: str, x: Any) -> Any:
        return x @ w[f"{name}.weight"].T + w[f"{name}.bias"]

    embeddings = "embeddings.{}_embeddings.weight"
    x = w[embeddings.format("word")][ids] + w[embeddings.format("position")][: len(ids)]
    x = norm("embeddings.LayerNorm", x + w[embeddings.format("token_type")][0])
    for layer in range(2):
        front = f"encoder.layer.{layer}."
        q, k, v = (linear(f"{front}attention.self.{n}", x) for n in ("query", "key", "value"))
        mixed = np.zeros_like(x)
        for head in range(8):
            part = slice(2 * head, 2 * head + 2)
            for at in range(len(ids)):
                scores = np.exp(k[:, part] @ q[at, part] / np.sqrt(2))
                mixed[at, part] = scores / scores.sum() @ v[:, part]
        x = x + linear(f"{front}attention.output.dense", mixed)
        x = norm(f"{front}attention.output.LayerNorm", x)
        hidden = linear(f"{front}intermediate.dense", x)
        hidden = hidden * (1 + erf(hidden / np.sqrt(2))) / 2
        x = norm(f"{front}output.LayerNorm", x + linear(f"{front}output.dense", hidden))
    return np.asarray(x)


def test_a_tiny_model_is_a_loop_in_numpy(tiny: Bert) -> None:
    """Two random texts of unequal length agree with loops over heads and tokens."""
    texts = [[2, 5, 9, 3], [2, 4, 4, 10, 7, 8, 3]]
    ids = np.zeros((2, 7), np.int32)
    for row, text in enumerate(texts):
        ids[row, : len(text)] = text
    mask = np.arange(7) < np.array([[4], [7]])
    found = apply_bert(tiny.params, jnp.asarray(ids), jnp.asarray(mask), tiny.config)
    for row, text in enumerate(texts):
        wanted = loop_bert(tiny_tensors(), text)
        np.testing.assert_allclose(found[row, : len(text)], wanted, rtol=0, atol=2e-5)
        mean = wanted.mean(0)
        pooled = mean_pool(found, jnp.asarray(mask))[row]
        np.testing.assert_allclose(pooled, mean / np.linalg.norm(mean), rtol=0, atol=1e-5)


def test_pooling_of_nothing_is_zero() -> None:
    """A text without a token gives zeros, and what stands at padding may be infinite."""
    pooled = mean_pool(jnp.full((1, 3, 4), jnp.inf), jnp.zeros((1, 3), jnp.bool_))
    assert pooled.tolist() == [[0.0] * 4]


def test_no_weight_is_a_constant(tiny: Bert) -> None:
    """The compiled program takes every parameter as an argument and holds none itself."""
    ids, mask = jnp.zeros((1, 8), jnp.int32), jnp.ones((1, 8), jnp.bool_)
    run = partial(embed_tokens, config=tiny.config)
    jaxpr = jax.make_jaxpr(run)(tiny.params, ids, mask)
    assert all(constant.size <= 1 for constant in jaxpr.consts)
    zeros = jax.tree.map(jnp.zeros_like, tiny.params)
    assert run(zeros, ids, mask).tolist() == [[0.0] * 16]


def test_it_lowers_for_every_platform(tiny: Bert) -> None:
    """Embedding a batch lowers for CPU, CUDA and TPU, and the exported program agrees."""
    ids, mask = jnp.full((2, 8), 4, jnp.int32), jnp.ones((2, 8), jnp.bool_)
    leaves, tree = jax.tree.flatten(tiny.params)

    def flat(leaves: list[jax.Array], ids: jax.Array, mask: jax.Array) -> Any:
        return embed_tokens(jax.tree.unflatten(tree, leaves), ids, mask, tiny.config)

    exported = export(jax.jit(flat), platforms=PLATFORMS)(leaves, ids, mask)
    assert exported.platforms == PLATFORMS
    found = exported.call(leaves, ids, mask)  # type: ignore[no-untyped-call]
    np.testing.assert_allclose(found, flat(leaves, ids, mask), atol=1e-6)


def split(params: BertParams, mesh: Mesh) -> BertParams:
    """Return the parameters, heads and hidden units spread over the mesh's second axis."""

    def put(leaf: jax.Array, *axes: str | None) -> Any:
        spec = PartitionSpec(*axes)  # type: ignore[no-untyped-call]
        return jax.device_put(leaf, NamedSharding(mesh, spec))

    whole = jax.tree.map(put, params)
    blocks = whole.blocks
    for name in ("query", "key", "value", "up"):
        layer = getattr(blocks, name)
        layer = layer._replace(weight=put(layer.weight, None, "model"))
        blocks = blocks._replace(**{name: layer._replace(bias=put(layer.bias, None, "model"))})
    for name in ("output", "down"):
        layer = getattr(blocks, name)
        layer = layer._replace(weight=put(layer.weight, None, None, "model"))
        blocks = blocks._replace(**{name: layer})
    result: BertParams = whole._replace(blocks=blocks)
    return result


@pytest.mark.parametrize(("data", "model"), [(8, 1), (2, 4), (1, 8)])
def test_eight_devices_equal_one(tiny: Bert, data: int, model: int) -> None:
    """Texts, heads and hidden units shared over eight devices give the vectors of one device."""
    mesh = Mesh(np.array(jax.devices()).reshape(data, model), ("data", "model"))
    ids = jax.random.randint(jax.random.key(0), (8, 12), 4, 11)
    mask = jnp.arange(12)[None, :] < jnp.arange(5, 13)[:, None]
    one = embed_tokens(tiny.params, ids, mask, tiny.config)
    rows = NamedSharding(mesh, PartitionSpec("data"))  # type: ignore[no-untyped-call]
    shared = jax.device_put((ids, mask), rows)
    many = embed_tokens(split(tiny.params, mesh), *shared, tiny.config)
    assert len(many.sharding.device_set) == 8
    np.testing.assert_allclose(one, many, rtol=0, atol=2e-6)


def test_names_may_carry_a_prefix(tiny: Bert, tmp_path: Path) -> None:
    """A checkpoint with a masked-language-model head loads to the same encoder."""
    tensors = {f"bert.{name}": value for name, value in tiny_tensors().items()}
    folder = write_tiny(tmp_path / "masked", tensors, architectures=["BertForPreTraining"])
    jax.tree.map(np.testing.assert_array_equal, load_bert(folder).params, tiny.params)


def test_half_precision_files_are_widened(tiny: Bert, tmp_path: Path) -> None:
    """Weights stored in FP16 load as float32, rounded once."""
    halves: Any = {name: value.astype(np.float16) for name, value in tiny_tensors().items()}
    params = load_bert(write_tiny(tmp_path / "half", halves)).params
    assert {leaf.dtype for leaf in jax.tree.leaves(params)} == {jnp.dtype(jnp.float32)}
    rounded = tiny_tensors()["embeddings.word_embeddings.weight"].astype(np.float16)
    assert np.array_equal(params.word, rounded.astype(np.float32))


def test_long_texts_and_bare_strings_are_refused(tiny: Bert) -> None:
    """A text beyond the positions names its place and both numbers; one string is no list."""
    with pytest.raises(ValueError, match=r"`sentences\[1\]` has 17 tokens, and the model 16"):
        tokenize(tiny, ["a", "b " * 17])
    with pytest.raises(ValueError, match=r"`sentences` \(='a'\) must be a list"):
        tokenize(tiny, "a")
    with pytest.raises(ValueError, match="at least one text"):
        tokenize(tiny, [])
    ids = jnp.zeros((1, 17), jnp.int32)
    with pytest.raises(ValueError, match=r"`tokens` has 17 positions; the model has 16"):
        apply_bert(tiny.params, ids, ids == 0, tiny.config)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"hidden_act": "gelu_new"}, r"`hidden_act` \(='gelu_new'\) must be 'gelu'"),
        ({"position_embedding_type": "relative_key"}, r"must be 'absolute'"),
        ({"is_decoder": True}, r"`is_decoder` \(=True\) must be false"),
        ({"layer_norm_eps": "small"}, r"`layer_norm_eps` \(='small'\) must be between 0 and 1"),
        ({"model_type": "llama"}, r"`model_type` \(='llama'\) must be 'bert'"),
        ({"num_attention_heads": 5}, r"`hidden_size` \(=16\) must be divisible"),
        ({"vocab_size": 7}, r"tokenizer.json.*11 tokens.*7 only"),
        ({"num_hidden_layers": 3}, r"'encoder.layer.2.attention.self.query.weight' is missing"),
        ({"intermediate_size": 20}, r"intermediate.dense.weight' is F32 \(24, 16\).*\(20, 16\)"),
    ],
)
def test_contradictions_are_refused(
    tmp_path: Path, changes: dict[str, object], message: str
) -> None:
    """A configuration that the program does not compute, or the files contradict, is named."""
    folder = write_tiny(tmp_path / "model", tiny_tensors(), **changes)
    with pytest.raises(ModelFileError, match=message):
        load_bert(folder)


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "model.safetensors"])
@pytest.mark.parametrize("damage", ["gone", "empty", "cut", "rubbish"])
def test_missing_and_damaged_files_are_refused(tmp_path: Path, name: str, damage: str) -> None:
    """Each of the three files, gone or spoilt, gives an error that names it."""
    file = write_tiny(tmp_path / "model", tiny_tensors()) / name
    content = file.read_bytes()
    if damage == "gone":
        file.unlink()
    else:
        spoilt = {"empty": b"", "cut": content[: len(content) // 2], "rubbish": b"\x00\xff" * 99}
        file.write_bytes(spoilt[damage])
    with pytest.raises((ModelFileError, FileNotFoundError)) as caught:
        load_bert(file.parent)
    assert str(tmp_path) in str(caught.value)


def test_integer_weights_are_refused(tmp_path: Path) -> None:
    """Weights of an integer type are no parameters until they are decoded."""
    tensors: Any = tiny_tensors()
    tensors["pooler.dense.bias"] = np.zeros(16, np.int8)
    with pytest.raises(ModelFileError, match=r"'pooler.dense.bias' is I8"):
        load_bert(write_tiny(tmp_path / "model", tensors))


def test_the_configuration_is_read() -> None:
    """MiniLM's own epsilon and heads come from its file."""
    from explainer.models.bert_file import read_bert_config

    config = read_bert_config(path("minilm").parent / "config.json")
    assert config == BertConfig(BERT(30522, 512, 2, 384, 6, 12, 1536), 1e-12)
