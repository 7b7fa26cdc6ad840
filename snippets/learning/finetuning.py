"""One pretrained network, a new task, and three ways to fine-tune it."""

# timeout: 400

# %% tasks
from functools import partial
from statistics import mean, stdev

import jax
import jax.numpy as jnp
import optax

from explainer.classification import Examples, accuracy, classification_loss
from explainer.digits import load_digits, split_examples
from explainer.lora import init_lora, lora_parameters, merge_lora
from explainer.network import apply_mlp, init_mlp, mlp_shapes
from explainer.parameters import count_parameters
from explainer.training import train

seeds, num_pretrain, few, rank, alpha = 5, 900, 30, 4, 8.0
digits = load_digits()
turned = digits.x.reshape(-1, 8, 8)[:, ::-1].reshape(-1, 64)  # upside down
tasks = {"odd": Examples(digits.x, digits.labels % 2)}  # a new question
tasks["turned"] = Examples(turned, digits.labels)  # new images


# %% ways
def top_layer(frozen, top):
    return (*frozen[:-1], top)


def adapted(frozen, adapters):
    return merge_lora(frozen, adapters, alpha=alpha)


optimizer = optax.adam(0.005)


def tune(build, begin, data, key):
    def loss(trainable, batch, key):
        return classification_loss(build(trainable), batch, key)

    rule = {"loss": loss, "optimizer": optimizer, "num_steps": 200}
    return build(train(begin, data, key=key, **rule).params)


def compare(key, task):
    keys = jax.random.split(key, 4)
    upright = split_examples(digits, num_train=num_pretrain, key=keys[0]).train
    rest = split_examples(task, num_train=num_pretrain, key=keys[0]).test
    small = jax.tree.map(lambda leaf: leaf[:few], rest)  # all that is labelled
    begin = init_mlp((64, 64, 32, 10), key=keys[1])
    base = tune(lambda p: p, begin, upright, keys[2])
    ways = {
        "scratch": (lambda p: p, begin),
        "top-layer": (partial(top_layer, base), base[-1]),
        "lora": (partial(adapted, base), init_lora(base, rank=rank, key=keys[3])),
        "full": (lambda p: p, base),
    }
    tuned = {name: tune(*way, small, keys[2]) for name, way in ways.items()}
    x, labels = (leaf[few:] for leaf in rest)
    return {name: accuracy(apply_mlp(p, x), labels) for name, p in tuned.items()}


# %% compare
keys = jax.random.split(jax.random.key(0), seeds)
_tasks = jax.tree.map(lambda *leaves: jnp.stack(leaves), *tasks.values())
every = jax.vmap(jax.vmap(compare, (0, None)), (None, 0))
scores = {name: found.tolist() for name, found in jax.jit(every)(keys, _tasks).items()}
shapes = mlp_shapes((64, 64, 32, 10))
total = count_parameters(shapes)
trainable = {"scratch": total, "top-layer": count_parameters(shapes[-1])}
trainable["lora"] = sum(lora_parameters(*w.shape, rank=rank) for w, _ in shapes)
trainable["full"] = total
rows = []
for name, count in trainable.items():
    row = {"way": name, "trainable": count, "share": count / total}
    for task, accuracies in zip(tasks, scores[name], strict=True):
        row[task], row[f"{task}_spread"] = mean(accuracies), stdev(accuracies)
    rows.append(row)
    print("{way:9} {trainable:5,}: odd {odd:.1%}, turned {turned:.1%}".format(**row))


# %% paired
def seeds_won(one, other, task):
    at = list(tasks).index(task)
    return sum(a > b for a, b in zip(scores[one][at], scores[other][at], strict=True))


lora_over_top = seeds_won("lora", "top-layer", "turned")
scratch_over_full = seeds_won("scratch", "full", "turned")
print(f"turned: LoRA beats the top layer in {lora_over_top} of {seeds} seeds,")
print(f"from scratch beats full fine-tuning in {scratch_over_full}")
