"""One parabola, f(w) = ½·4w², and five learning rates: from too timid to never arriving."""

# %% walk
curvature, start, num_steps = 4.0, 1.0, 50
rates = [0.01, 0.25, 0.45, 0.5, 0.51]
rows = []
for rate in rates:
    w, path = start, [start]
    for _ in range(num_steps):
        w = w - rate * curvature * w  # the gradient is 4w
        path.append(w)
    rows.append({"rate": rate, "factor": 1 - rate * curvature, "path": path, "last": path[-1]})
    print(f"rate {rate:.2f}: w is multiplied by {1 - rate * curvature:+.2f}, ends at {w:+.3g}")
limit = 2 / curvature
print(f"above {limit} it runs away")

# %% arrive
near, zigzag = 0.001, rows[2]["path"]
arrives = next(at for at, w in enumerate(zigzag) if abs(w) < near)
print(f"rate {rates[2]}: below {near} after {arrives} steps")

# %% widget
widget = {"curvature": curvature, "start": start, "rates": rates, "num_steps": num_steps}
