"""Answers of a model, and how far they are from those in float32."""

from dataclasses import dataclass

import numpy as np

from rows import spans


def answers(model, rows, batches) -> list:
    """Logits of each row, {@code [words, labels]}."""
    session = model.session(["logits"])
    wanted = {i.name for i in session.get_inputs()}
    found = [None] * len(rows)
    for numbers, inputs in batches:
        (logits,) = session.run(["logits"], {k: v for k, v in inputs.items() if k in wanted})
        for place, number in enumerate(numbers):
            row = rows[number]
            found[number] = logits[place, : len(row.words), 0, : len(row.labels)]
    return found


def probability(logits):
    return 1 / (1 + np.exp(-logits.astype(np.float64)))


@dataclass(frozen=True)
class Difference:
    """Of probabilities: mean, 99.9th percentile, largest; single scores that cross the threshold; share of equal entities.

    agreement: twice the common entities over the entities of both
    decided: the same without entities at undecided words, whose best score in float32 is within 0.05 of the threshold or of the next
    """

    mean: float
    p999: float
    largest: float
    crossed: int
    scores: int
    agreement: float
    decided: float
    entities: int
    decided_entities: int


MARGIN = 0.05


def undecided(scores) -> np.ndarray:
    """Words whose best score is near the threshold, or near the next best."""
    ordered = np.sort(scores, axis=1)
    best = ordered[:, -1]
    near = np.abs(best - 0.5) < MARGIN
    if scores.shape[1] > 1:
        near |= (best > 0.5) & (best - ordered[:, -2] < MARGIN)
    return near


def count(left, right, into) -> None:
    into[0] += len(left & right)
    into[1] += len(left) + len(right)
    into[2] += len(left)


def compare(exact, rounded, middle: float = 0.0) -> Difference:
    """middle: the logit that is the threshold; probabilities are those of the logits less it."""
    before = [probability(logits - middle) for logits in exact]
    after = [probability(logits - middle) for logits in rounded]
    a, b = (np.concatenate([p.ravel() for p in part]) for part in (before, after))
    difference = np.abs(a - b)
    everywhere, where_decided = [0, 0, 0], [0, 0, 0]
    for one, other in zip(before, after):
        left, right = set(spans(one, 0.5)), set(spans(other, 0.5))
        unsure = undecided(one)
        count(left, right, everywhere)
        count(*({s for s in part if not unsure[max(0, s[0] - 1) : s[1] + 1].any()} for part in (left, right)), where_decided)
    return Difference(
        mean=float(difference.mean()),
        p999=float(np.quantile(difference, 0.999)),
        largest=float(difference.max()),
        crossed=int(((a > 0.5) != (b > 0.5)).sum()),
        scores=len(a),
        agreement=2 * everywhere[0] / max(everywhere[1], 1),
        decided=2 * where_decided[0] / max(where_decided[1], 1),
        entities=everywhere[2],
        decided_entities=where_decided[2],
    )
