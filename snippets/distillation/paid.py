"""Who paid for the gain: labels behind the teacher, labels behind the student."""

# %% answer
from explainer.digits_distillation import NUM_TRAIN

few_each, classes = 2, 10
own_labels = few_each * classes
times = NUM_TRAIN / own_labels
print(f"student: {own_labels} labels, teacher: {NUM_TRAIN}, that is {times:.0f} times as many")
