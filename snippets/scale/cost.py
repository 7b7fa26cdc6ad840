"""From operations to hours and dollars: two reported runs, and a third at their speed."""

# %% reported
from explainer.architectures import architecture
from explainer.facts import value
from explainer.scaling import Run, gpu_hours, six_nd, training_cost

peak = value("hopper.dense_flops")
runs = {}
for name, run in (("llama-3.1-405b", "llama3"), ("deepseek-r1", "deepseek")):
    flops = six_nd(architecture(name).active, value(f"{run}_training.tokens"))
    runs[run] = Run(flops, value(f"{run}_training.gpu_hours"), peak)
    print(f"{name}: {runs[run].flops_per_second:.2e} FLOP/s, {runs[run].utilization:.0%} of peak")

# %% rent
price, cheap, dear = value("deepseek_training.price"), value("gpu_rent.low"), value("gpu_rent.high")
deepseek = training_cost(value("deepseek_training.all_gpu_hours"), price_per_hour=price)
cards = {"llama3": runs["llama3"].gpu_hours, "deepseek": runs["deepseek"].gpu_hours}
usage = runs["llama3"].utilization
gpt3 = value("gpt3_training.flops")
cards["gpt3"] = gpu_hours(gpt3, peak_flops_per_second=peak, utilization=usage)
names = {"gpt3": "GPT-3", "llama3": "Llama-3.1-405B", "deepseek": "DeepSeek-V3"}
rows = [
    {"model": names[run], "hours": hours, "cost": training_cost(hours, price_per_hour=price)}
    | {"low": training_cost(hours, price_per_hour=cheap)}
    | {"high": training_cost(hours, price_per_hour=dear)}
    for run, hours in sorted(cards.items(), key=lambda item: item[1])
]
for row in rows:
    print("{model:15} {hours:12,.0f} hours, {cost:12,.0f} dollars".format(**row))
