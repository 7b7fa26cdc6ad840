"""If the parameters were vectors: what one such vector, or so many, would weigh."""

# %% count
from explainer.architectures import architecture, known_config

parameters = architecture("deepseek-r1").total
config = known_config("deepseek-r1")
width, layers = config["hidden_size"], config["num_hidden_layers"]
print(f"{parameters:,} parameters; a vector in it has {width:,} numbers")

# %% weigh
per_number = 2  # bytes, in FP16 or BF16
real_vector = width * per_number
one_vector = parameters * per_number  # a vector as long as the model has parameters
many_vectors = parameters * width * per_number  # as many vectors as it has parameters
print(f"one real vector                 {real_vector / 1e3:9,.1f} kB")
print(f"one vector of {parameters / 1e9:.0f} B numbers    {one_vector / 1e12:9,.2f} TB")
print(f"{parameters / 1e9:.0f} B vectors of {width:,} numbers {many_vectors / 1e15:8,.2f} PB")

# %% letter
as_fp8 = parameters * 1  # R1's own files spend about one byte on a parameter
as_bits = parameters / 8  # what 671 billion bits would be, in bytes
print(f"at a byte each {as_fp8 / 1e9:.0f} GB; were the B a bit, {as_bits / 1e9:.0f} GB")
