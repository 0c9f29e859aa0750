"""The baselines in plain torch: the machine's FP16 matmul peak, and the same encoder as the engine runs.

    python3 baseline.py peak  --record FILE [--seconds N]
    python3 baseline.py model --record FILE --shape large --lengths 64,128,384,512 --batch-tokens 16384 [--seconds N]

Needs torch and nothing else. Writes the record of a stage (see StageRecord.java): measurements, notes, facts, failure, skipped.
With --device cpu it rehearses on a CPU in float32, where nothing is a baseline.
"""

import argparse
import json
import math
import os
import sys
import time

PEAK = "dense FP16 matmul, 8192^3"
SHAPES = {  # layers, hidden, heads
    "tiny": (2, 32, 4),
    "small": (6, 768, 12),
    "large": (24, 1024, 16),
}
BUCKETS, MAX_POSITIONS, VOCABULARY = 256, 512, 128_004


class Record:
    """What the stage found, written again with every figure."""

    def __init__(self, path):
        self.path = path
        self.content = {"measurements": [], "notes": [], "facts": {}, "failure": "", "skipped": ""}

    def measured(self, name, value, unit):
        print(f"{name}: {value:.4g} {unit}", flush=True)
        self.content["measurements"].append({"name": name, "value": value, "unit": unit, "aim": "", "verdict": ""})
        self.write()

    def put(self, key, value):
        self.content[key] = value
        self.write()

    def note(self, text):
        self.content["notes"].append(text)
        self.write()

    def write(self):
        part = self.path + ".part"
        with open(part, "w", encoding="utf-8") as file:
            json.dump(self.content, file, indent=1)
        os.replace(part, self.path)


def bucket(distance, buckets=BUCKETS, positions=MAX_POSITIONS):
    """The bucket of a distance of at least 0, as transformers' make_log_bucket_position."""
    middle = buckets // 2
    if distance <= middle:
        return distance
    return min(buckets, math.ceil(math.log(distance / middle) / math.log((positions - 1) / middle) * (middle - 1)) + middle)


def flops_per_token(shape, tokens):
    """As Flops.java: matrix products of the layers for a row of so many tokens, a multiply-add counting two."""
    layers, hidden, _ = SHAPES[shape]
    rows = min(2 * BUCKETS, (2 * bucket(tokens - 1) + 1 + 7) // 8 * 8)
    return layers * (2 * (4 * hidden * hidden + 8 * hidden * hidden) + 4 * hidden * tokens + 4 * hidden * rows)


def deltas(torch, size, device):
    """Row of the position table for each pair of query and key: clamp(bucket(i - j) + 256, 0, 511)."""
    table = torch.tensor([bucket(abs(d)) * (1 if d >= 0 else -1) + BUCKETS for d in range(1 - size, size)])
    table = table.clamp(0, 2 * BUCKETS - 1)
    places = torch.arange(size)
    return table[places[:, None] - places[None, :] + size - 1].to(device)


def make_encoder(torch, shape, dtype, device):
    layers, hidden, heads = SHAPES[shape]
    functional = torch.nn.functional
    head = hidden // heads

    class Layer(torch.nn.Module):
        """One layer; `fused` gives the biases to scaled_dot_product_attention as an additive mask, else as HF computes it."""

        def __init__(self):
            super().__init__()
            self.query, self.key, self.value, self.out = (torch.nn.Linear(hidden, hidden) for _ in range(4))
            self.inner, self.outer = torch.nn.Linear(hidden, 4 * hidden), torch.nn.Linear(4 * hidden, hidden)
            self.after_attention, self.after_feed_forward = (torch.nn.LayerNorm(hidden, eps=1e-7) for _ in range(2))

        def split(self, x):
            return x.view(x.shape[0], x.shape[1], heads, head).transpose(1, 2)

        def forward(self, x, positions, index, fused):
            scale = 1 / math.sqrt(3 * head)
            query, key, value = self.split(self.query(x)), self.split(self.key(x)), self.split(self.value(x))
            # share_att_key: positions go through the projections of this layer, as the library does in every call
            position_key = self.split(self.key(positions[None]))
            position_query = self.split(self.query(positions[None]))
            expanded = index.expand(x.shape[0], heads, -1, -1)
            to_position = torch.gather(query @ position_key.transpose(-1, -2), -1, expanded)
            from_position = torch.gather(key @ position_query.transpose(-1, -2), -1, expanded.transpose(-1, -2))
            bias = (to_position + from_position.transpose(-1, -2)) * scale
            if fused:
                context = functional.scaled_dot_product_attention(query, key, value, attn_mask=bias, scale=scale)
            else:
                context = torch.softmax(query @ key.transpose(-1, -2) * scale + bias, -1) @ value
            context = context.transpose(1, 2).reshape(x.shape)
            x = self.after_attention(x + self.out(context))
            return self.after_feed_forward(x + self.outer(functional.gelu(self.inner(x))))

    class Encoder(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.embeddings = torch.nn.Embedding(VOCABULARY, hidden)
            self.norm = torch.nn.LayerNorm(hidden, eps=1e-7)
            self.positions = torch.nn.Parameter(torch.randn(2 * BUCKETS, hidden) * 0.02)
            self.position_norm = torch.nn.LayerNorm(hidden, eps=1e-7)
            self.layers = torch.nn.ModuleList(Layer() for _ in range(layers))

        def forward(self, ids, index, fused):
            x = self.norm(self.embeddings(ids))
            positions = self.position_norm(self.positions)
            for layer in self.layers:
                x = layer(x, positions, index, fused)
            return x

    torch.manual_seed(7)
    with torch.device(device):
        encoder = Encoder()
    return encoder.to(dtype).eval()


def synchronize(torch, device):
    if device == "cuda":
        torch.cuda.synchronize()


def rate(torch, device, run, seconds):
    """Runs per second, the median of five windows after warming up."""
    rates = []
    for window in range(6):
        synchronize(torch, device)
        start, runs = time.perf_counter(), 0
        while runs == 0 or time.perf_counter() - start < seconds:
            run()
            runs += 1
            if runs % 2 == 0:
                synchronize(torch, device)
        synchronize(torch, device)
        if window:
            rates.append(runs / (time.perf_counter() - start))
    return sorted(rates)[2]


def peak(torch, record, args):
    size = 8192 if args.device == "cuda" else 256
    dtype = torch.float16 if args.device == "cuda" else torch.float32
    a, b = (torch.randn(size, size, device=args.device, dtype=dtype) for _ in range(2))
    out = torch.empty(size, size, device=args.device, dtype=dtype)
    runs = rate(torch, args.device, lambda: torch.matmul(a, b, out=out), min(1.0, args.seconds / 15))
    name = PEAK if args.device == "cuda" else f"CPU matmul, {size}^3, no baseline"
    record.measured(name, runs * 2 * size**3 / 1e12, "TFLOP/s")


def check(torch, encoder, shape, device, record):
    """Both paths must agree, or one is no baseline."""
    ids = torch.randint(4, VOCABULARY, (2, 48), device=device)
    index = deltas(torch, 48, device)
    plain, fused = encoder(ids, index, False).float(), encoder(ids, index, True).float()
    difference = (plain - fused).abs().max().item()
    record.measured("largest difference of the two paths", difference, "")
    if not difference < 0.1:
        raise RuntimeError(f"the two paths of attention differ by {difference}")


def model(torch, record, args):
    dtype = {"fp16": torch.float16, "bf16": torch.bfloat16}[args.precision] if args.device == "cuda" else torch.float32
    encoder = make_encoder(torch, args.shape, dtype, args.device)
    peak_value = peak_of(args.peak_record)
    lengths = [int(length) for length in args.lengths.split(",")]
    with torch.inference_mode():
        check(torch, encoder, args.shape, args.device, record)
        start = time.perf_counter()
        for number, length in enumerate(lengths):
            left = args.seconds - (time.perf_counter() - start)
            window = max(0.05, min(1.0, left / (len(lengths) - number) / 2 / 8))
            for fused in (True, False):
                measure(torch, record, args, (encoder, length, fused, window, peak_value))


def measure(torch, record, args, what):
    encoder, length, fused, window, peak_value = what
    rows = max(1, args.batch_tokens // length)
    name = f"S={length}, torch {'SDPA with bias' if fused else 'as the library'}"
    try:
        ids = torch.randint(4, VOCABULARY, (rows, length), device=args.device)
        index = deltas(torch, length, args.device)
        tokens = rows * length * rate(torch, args.device, lambda: encoder(ids, index, fused), window)
    except torch.OutOfMemoryError as e:
        record.note(f"{name}: out of memory, {str(e).splitlines()[0]}")
        return
    record.measured(name, round(tokens), "tokens/s")
    if peak_value:
        record.measured(f"{name}, share of peak", 100 * tokens * flops_per_token(args.shape, length) / 1e12 / peak_value, "%")


def peak_of(path):
    try:
        with open(path, encoding="utf-8") as file:
            return next((m["value"] for m in json.load(file)["measurements"] if m["name"] == PEAK), None)
    except (OSError, ValueError, KeyError):
        return None


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["peak", "model"])
    parser.add_argument("--record", required=True)
    parser.add_argument("--peak-record", default="")
    parser.add_argument("--shape", choices=sorted(SHAPES), default="large")
    parser.add_argument("--precision", choices=["fp16", "bf16"], default="fp16")
    parser.add_argument("--lengths", default="64,128,384,512")
    parser.add_argument("--batch-tokens", type=int, default=16384)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--device", choices=["cuda", "cpu"], default=os.environ.get("NUNER_GPUTEST_TORCH_DEVICE", "cuda"))
    return parser.parse_args()


def main():
    begin = time.perf_counter()
    args = arguments()
    record = Record(args.record)
    record.write()
    try:
        import torch
    except ImportError as e:
        record.put("skipped", f"torch is not installed for {sys.executable}: {e}")
        return 0
    if args.device == "cuda" and not torch.cuda.is_available():
        record.put("skipped", "torch finds no CUDA device")
        return 0
    try:
        name = torch.cuda.get_device_name(0) if args.device == "cuda" else "cpu"
        record.put("facts", {"torch": torch.__version__, "cuda": str(torch.version.cuda), "device": name})
        args.seconds = args.seconds * 0.85 - (time.perf_counter() - begin)
        {"peak": peak, "model": model}[args.what](torch, record, args)
    except Exception as e:  # whatever torch throws is this stage's reason
        record.put("failure", f"{type(e).__name__}: {e}")
        raise
    return 0


if __name__ == "__main__":
    sys.exit(main())
