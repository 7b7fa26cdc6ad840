"""Checks of `snippets/learning/lora_gpt.py`."""

import runpy
from pathlib import Path

SNIPPET = Path(__file__).parents[3] / "snippets" / "learning" / "lora_gpt.py"


def test_gpt_shares() -> None:
    """One block of GPT-2 is 7,087,872, LoRA of rank 8 on every c_attn 294,912."""
    run = runpy.run_path(str(SNIPPET))
    assert (run["block"], run["lora"]) == (7_087_872, 294_912)
    assert run["total"] == 124_439_808
