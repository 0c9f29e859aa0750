"""Trains the demo model. Writes the last checkpoint, the average of the last ones, and the curve as JSON lines."""

import argparse
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from transformers import BertModel

import corpora
from batches import Encoder, collate, stream, targets
from network import case_tokenizer, from_encoder
from prompts import Prompts


# Of its own, so that all stages of a training hold out the same examples.
HELD_OUT_SEED = 7


def embedder(directory, tokenizer):
    """Unit vectors of short names by the pretrained sentence encoder itself (mean over tokens)."""
    model = BertModel.from_pretrained(directory, add_pooling_layer=False).eval()

    def embed(names):
        vectors = []
        with torch.no_grad():
            for i in range(0, len(names), 128):
                encoded = [tokenizer.encode(n).ids for n in names[i:i + 128]]
                ids = torch.zeros(len(encoded), max(map(len, encoded)), dtype=torch.long)
                mask = torch.zeros_like(ids)
                for r, e in enumerate(encoded):
                    ids[r, :len(e)], mask[r, :len(e)] = torch.tensor(e), 1
                hidden = model(ids, attention_mask=mask).last_hidden_state
                mean = (hidden * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim=True)
                vectors.append(F.normalize(mean, dim=-1))
        return torch.cat(vectors).numpy().astype(np.float32)

    return embed


def loss_of(logits, target, plain):
    """Binary cross-entropy over real (word, label) pairs, per real word; unless plain, easy negatives weigh less (focal, gamma 1)."""
    real = target >= 0
    entropy = F.binary_cross_entropy_with_logits(logits, target.clamp(min=0), reduction="none")
    if not plain:
        chance = torch.exp(-entropy)
        entropy = entropy * torch.where(target > 0, 1.0, (1 - chance.detach()).clamp(min=0.02))
    return (entropy * real).sum() / real.any(-1).sum()


def word_scores(model, batches, threshold=0.5):
    """Micro F1 over (word, label) pairs, best label per word."""
    right = said = there = 0
    for *inputs, target in batches:
        with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
            chance = torch.sigmoid(model(*inputs))
        chance = torch.where(target >= 0, chance, torch.zeros(()))
        best = (chance == chance.max(-1, keepdim=True).values) & (chance > threshold)
        right += int((best & (target > 0)).sum())
        said += int(best.sum())
        there += int((target > 0).sum())
    return 2 * right / max(1, said + there)


def rate_share(done, final):
    """Half a cosine from 1 to final."""
    return final + (1 - final) * 0.5 * (1 + math.cos(math.pi * min(1.0, done)))


def held_out_batches(loaded, prompts, encoder, name, limit=300):
    rows = []
    for example in loaded[name][2][:limit]:
        labels = prompts.prompt(example)
        if labels:
            ids, at_labels, at_words = encoder.row([n for n, _ in labels], example.words)
            rows.append((ids, at_labels, at_words, targets(labels, len(example.words))))
    rows.sort(key=lambda r: len(r[0]))
    return [collate(rows[i:i + 16]) for i in range(0, len(rows), 16)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", required=True, help="directory of all-MiniLM-L6-v2")
    parser.add_argument("--data", required=True, help="directory of the corpora")
    parser.add_argument("--written", default=str(Path(__file__).parent / "written"))
    parser.add_argument("--out", required=True)
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--tokens", type=int, default=5000, help="padded tokens a batch")
    parser.add_argument("--encoder-rate", type=float, default=1e-4)
    parser.add_argument("--head-rate", type=float, default=6e-4)
    parser.add_argument("--final-rate", type=float, default=0.0, help="share of the rates left at the end")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--plain-loss", action="store_true", help="weigh all negatives alike, for probabilities that mean something")
    parser.add_argument("--report", type=int, default=250)
    parser.add_argument("--resume", help="a checkpoint to go on from (weights only)")
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)

    loaded = corpora.load(options.data, options.written, HELD_OUT_SEED)
    tokenizer = case_tokenizer(options.encoder)
    plain = case_tokenizer(options.encoder, False)
    every = [e for _, train, held in loaded.values() for e in train + held]
    prompts = Prompts(every, embedder(options.encoder, plain), options.seed)
    encoder = Encoder(tokenizer)
    checked = {n: held_out_batches(loaded, prompts, encoder, n) for n in ("written", "broad-twitter-corpus", "nuner-sample-1k", "gum")}
    model = from_encoder(options.encoder, tokenizer)
    if options.resume:
        model.load_state_dict(torch.load(options.resume, weights_only=True))
    head = [p for n, p in model.named_parameters() if not n.startswith("token_rep_layer")]
    body = list(model.token_rep_layer.parameters())
    optimizer = torch.optim.AdamW([{"params": body, "lr": options.encoder_rate}, {"params": head, "lr": options.head_rate}],
                                  weight_decay=0.01, fused=True)
    warm = max(1, options.steps // 15)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min(1, (s + 1) / warm) * rate_share(s / options.steps, options.final_rate))
    average, averaged = None, 0
    batches = stream(loaded, prompts, encoder, options.tokens, options.seed)
    started, losses, tokens = time.time(), [], 0
    with (out / "curve.jsonl").open("w") as curve:
        for step in range(1, options.steps + 1):
            *inputs, target = next(batches)
            model.train()
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = model(*inputs)
            loss = loss_of(logits, target, options.plain_loss)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
            tokens += int(inputs[1].sum())
            if step > options.steps * 0.9 and step % 10 == 0:
                averaged += 1
                if average is None:
                    average = {k: v.clone() for k, v in model.state_dict().items()}
                else:
                    for k, v in model.state_dict().items():
                        average[k] += (v - average[k]) / averaged
            if step % options.report == 0 or step == options.steps:
                model.eval()
                line = {"step": step, "loss": round(float(np.mean(losses)), 5), "tokens": tokens,
                        "seconds": round(time.time() - started)}
                line |= {n: round(word_scores(model, b), 4) for n, b in checked.items()}
                curve.write(json.dumps(line) + "\n")
                curve.flush()
                print(line, flush=True)
                losses = []
                torch.save(model.state_dict(), out / "last.pt")
    torch.save(average or model.state_dict(), out / "average.pt")


if __name__ == "__main__":
    main()
