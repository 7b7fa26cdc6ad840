"""A picnic, or not: the same six weights, and four ways to write down one day."""

# %% weights
import numpy as np

features = ("sun", "warmth", "friends", "rain", "distance", "wind")
weight = np.array([0.7, 0.5, 0.2, -0.6, -0.2, -0.4])
cutoff = 0.6  # go if the answer lies above
for name, w in zip(features, weight, strict=True):
    print(f"{name:8} {w:+.1f}")

# %% encode
raw = np.array([1, 23, 80, 10, 20, 5])  # yes, °C, %, %, km, Beaufort
largest = np.array([1, 40, 100, 100, 50, 12])
percent = np.array([False, False, True, True, False, False])
days = {
    "present-or-not": np.ones(6),  # each of them is there: 1
    "zero-to-one": raw / largest,
    "percent-as-share": np.where(percent, raw / 100, raw),
    "raw-units": raw,
}

# %% decide
rows = []
for encoding, x in days.items():
    z = float(weight @ x)  # the weighted sum
    score = float(1 / (1 + np.exp(-z)))  # squeezed between 0 and 1
    answer = int(score > cutoff)  # 1: go, 0: stay
    rows.append({"encoding": encoding, "sum": z, "score": score, "answer": answer})
    print(f"{encoding:16} z = {z:7.4f}  score = {score:.8f}  answer = {answer}")

# %% size
contributions = weight * days["percent-as-share"]
warmth, rain = abs(contributions[1]), abs(contributions[3])
print(f"warmth moves the sum by {warmth:.2f}, rain by {rain:.2f}")
print(f"{warmth / rain:.0f} times as much, with the smaller weight")

# %% range
lowest, highest = weight[weight < 0].sum(), weight[weight > 0].sum()
extremes = [float(1 / (1 + np.exp(-z))) for z in (lowest, highest)]
corners = np.indices((2,) * 6).reshape(6, -1).T  # every day of noughts and ones
yes_corners = int((1 / (1 + np.exp(-corners @ weight)) > cutoff).sum())
print(f"scores from {extremes[0]:.4f} to {extremes[1]:.4f}")
print(f"{yes_corners} of {len(corners)} days of noughts and ones say yes")

# %% bias
needed_sum = float(np.log(cutoff / (1 - cutoff)))  # σ(z) = cutoff
needed_bias = needed_sum - rows[0]["sum"]
bias = 0.21
biased_score = float(1 / (1 + np.exp(-(rows[0]["sum"] + bias))))
print(f"yes needs a sum above {needed_sum:.6f}, a bias above {needed_bias:.6f}")
print(f"with b = {bias}: {biased_score:.4f}")

# %% widget
widget = {"weight": weight, "x": days["zero-to-one"], "cutoff": cutoff}
