"""What SmolLM2 would weigh in BF16."""

# %% answer
from explainer.checkpoints import read
from explainer.models import path

model = read(path("smollm2"))
payload_bytes = 2 * model.parameters
ratio = payload_bytes / model.tensor_bytes
print(f"{payload_bytes:,} / {model.tensor_bytes:,} = {ratio:.2f}")
