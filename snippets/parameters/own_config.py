"""A model of your own: what a configuration says, and what follows from it."""

# %% config
import json

from explainer.architectures import architecture, known_config

config = known_config("qwen2.5-7b")
print(json.dumps(config, indent=1))
print(f"{architecture(config).total:,} parameters")

# %% examples
names = "qwen2.5-7b gpt2 gpt-oss-20b deepseek-r1"
models = {name: known_config(name) for name in names.split()}
rows, counts = [], {}
for name, config in models.items():
    model = architecture(config)
    row = {"name": name, "total": model.total, "active": model.active}
    rows.append(row | {"biases": model.kinds["biases"]})
    counts[name] = {
        "total": model.total,
        "active": model.active,
        "without_input": model.active_without_input_embedding,
        "without_tables": model.active_without_embedding_and_head,
        "components": model.components,
        "kinds": model.kinds,
        "tied": model.tied,
    }
