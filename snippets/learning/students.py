"""Two students of addition: one remembers the sheet, one looks for a rule."""

# %% sheet
import numpy as np

rng = np.random.default_rng(0)
every = [(a, b) for a in range(10) for b in range(10)]
order = rng.permutation(100)
sheet = [every[i] for i in order[:50]]  # with answers, to practise on
exam = [every[i] for i in order[50:]]  # the other fifty questions
answers = [a + b for a, b in sheet]
misprinted = range(5)
for i in misprinted:
    answers[i] += 3  # the sheet has a few misprints

# %% memoriser
memory = dict(zip(sheet, answers, strict=True))


def memoriser(a, b):
    return memory.get((a, b), 9)  # unseen: the most common sum of all


# %% learner
terms = np.array([[a, b, 1] for a, b in sheet])
(w_a, w_b, bias), *_ = np.linalg.lstsq(terms, np.array(answers), rcond=None)
print(f"learned: {w_a:.2f} a + {w_b:.2f} b + {bias:.2f}")


def learner(a, b):
    return round(w_a * a + w_b * b + bias)


# %% marks
rows = []
for name, student, kept in (("memoriser", memoriser, len(memory)), ("learner", learner, 3)):
    row = {"student": name, "parameters": kept}
    right = [student(a, b) == said for (a, b), said in zip(sheet, answers, strict=True)]
    row["sheet"] = sum(right) / len(sheet)
    row["exam"] = sum(student(a, b) == a + b for a, b in exam) / len(exam)
    rows.append(row)
    print("{student:9}: sheet {sheet:.0%}, exam {exam:.0%}".format(**row))
