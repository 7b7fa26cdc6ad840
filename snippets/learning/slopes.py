"""A gradient has a sign and a size: f(w) = ½·4w², whose slope is 4w."""


# %% slope
def f(w):
    return 0.5 * 4 * w**2


rows, nudge, learning_rate = [], 0.001, 0.1
for w in (-1.0, -0.25, 0.5, 2.0):
    gradient = 4 * w
    nudged = (f(w + nudge) - f(w - nudge)) / (2 * nudge)  # how much f changes per unit of w
    new = w - learning_rate * gradient
    rows.append({"w": w, "f": f(w), "gradient": gradient, "nudged": nudged, "new": new})
    print(f"w = {w:5.2f}: slope {gradient:+.1f}, by nudging {nudged:+.3f}, new w {new:.2f}")

# %% curve
curve_w = [i / 20 - 2.2 for i in range(89)]
curve_f = [f(w) for w in curve_w]
