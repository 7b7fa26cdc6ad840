"""A hundred layers, 671 billion parameters: the sums of one article, done again."""

# %% hundred
from explainer.architectures import architecture, known_config
from explainer.parameters import attention_parameters, feed_forward_parameters, norm_parameters

D, H, L = 8192, 128, 100
printed_total = 86_900_000_000
layer = attention_parameters(D, H) + feed_forward_parameters(D, 4 * D, gated=False)
layer += 2 * norm_parameters(D, bias=True)
total = L * layer
by_formula = L * (H * D * (3 * D + D) + 8 * D**2)
print(f"{L} layers: {total:,}; by the article's own formula {by_formula:,}")

# %% wider
import math

r1 = architecture("deepseek-r1")
config = known_config("deepseek-r1")
r1_total, r1_layers, r1_width = r1.total, config["num_hidden_layers"], config["hidden_size"]
routed = r1.components["experts"] / r1_total
deep = r1_total / layer  # layers, if all were dense and of width D
wide = math.sqrt(r1_total / L / 12)  # width, if all L layers were dense
print(f"routed experts {routed:.2%}; dense it would take")
print(f"{deep:.0f} layers, or a width of {wide:,.0f}")

# %% claims
claims = [
    {"id": "hundred-layers", "verdict": "wrong", "typed": printed_total, "true": total},
    {"id": "wider-or-deeper", "verdict": "wrong", "typed": D, "true": r1_width},
]
by_id = {claim["id"]: claim for claim in claims}
