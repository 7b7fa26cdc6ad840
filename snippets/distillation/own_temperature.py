"""At which temperature does the second of two answers get a quarter?"""

# %% answer
import math

logits, wanted = (4.0, 0.0), 0.25
odds = (1 - wanted) / wanted  # e^(4/T) has to be this
temperature = (logits[0] - logits[1]) / math.log(odds)
first, second = (math.exp(z / temperature) for z in logits)
share = second / (first + second)
print(f"T = 4 / ln {odds:.0f} = {temperature:.3f}, and the second gets {share:.2f}")
