"""Makes the fixtures bert_w1 and bertV0_w3: tiny random BERT checkpoints in GLiNER's layout and what gliner 0.2.27 makes of texts.

Python 3.11 with the packages of benchmarks/reference/requirements.txt; no network:

    python3 make_bert_fixtures.py <fixtures directory>

The same weights on every run. The fixtures differ in all that a BERT checkpoint may differ in:

              span mode  width  projection  positions  weights stored as   vocabulary
    bert_w1   marker     1      32 to 24    256        F16                 uncased, marks capitals
    bertV0_w3 markerV0   3      none        192        int8 rows, F32      cased

Left out, because gliner 0.2.27 differs from gliner 0.1.12 there: blank texts, labels given twice, words without a token (it
shifts all later words), and rows longer than the position table (it cuts tokens away and misplaces labels).
"""

import gzip
import json
import os
import pathlib
import sys
import tempfile

os.environ["HF_HUB_OFFLINE"] = "1"

import torch
from gliner import GLiNER
from safetensors.torch import save_file
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, PreTrainedTokenizerFast

FRAME = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
LETTERS = "abcdefghijklmnopqrstuvwxyz"
PIECES = (
    "the of in and founded museum clock ##s harbour council visit ##ed boat number two space line hello state art bar person"
    " organ ##ization location date movie character place work event Marta Olsen Iben Krag Lund Aarhus repaired crowns"
).split()
LABELS = [
    ["person", "organization", "location"],
    ["date"],
    ["movie character", "place of work", "person", "event"],
]
TEXTS = [
    "Marta Olsen founded the museum of clocks in Lund, in 1998.",
    "The harbour council visited Aarhus/Lund for 4,500 crowns!",
    "state-of-the-art foo-bar_baz x--y don't 3.14",
    "café ½ ﬁne ２０ 😀 日本語です 京都 McDonald iPhone ÅSE",
    "  two  spaces\nand lines  ",
]
SETTINGS = [(True, False, 0.5), (False, False, 0.3), (True, True, 0.3), (False, True, 0.3)]
MARGIN = 1e-4  # no score lies nearer to a threshold


def uncased_marking_capitals() -> normalizers.Normalizer:
    """Puts ^ before every capital letter. The blank keeps the insertion off the start, where the library fails on it."""
    mark = normalizers.Replace(Regex(r"(?=\p{Lu})"), "^")
    return normalizers.Sequence([normalizers.Prepend(" "), mark, normalizers.BertNormalizer(lowercase=True)])


FIXTURES = {
    "bert_w1": {
        "seed": 47,
        "config": {"span_mode": "marker", "max_width": 1, "hidden_size": 24, "max_len": 384},
        "positions": 256,
        "normalizer": uncased_marking_capitals(),
        "stored_as": "half",
    },
    "bertV0_w3": {
        "seed": 117,
        "config": {"span_mode": "markerV0", "max_width": 3, "hidden_size": 32, "max_len": 40},
        "positions": 192,
        "normalizer": normalizers.BertNormalizer(lowercase=False),
        "stored_as": "int8",
    },
}


def vocabulary() -> dict[str, int]:
    characters = LETTERS + LETTERS.upper() + "0123456789"
    tokens = FRAME + list("^.,/!-'_") + list(characters) + ["##" + c for c in characters]
    tokens += PIECES + [piece.lower() for piece in PIECES if piece != piece.lower()]
    return {token: number for number, token in enumerate(dict.fromkeys(tokens))}


def tokenizer(normalizer: normalizers.Normalizer, positions: int) -> PreTrainedTokenizerFast:
    wordpiece = Tokenizer(models.WordPiece(vocabulary(), unk_token="[UNK]"))
    wordpiece.normalizer = normalizer
    wordpiece.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    frame = [(token, wordpiece.token_to_id(token)) for token in ("[CLS]", "[SEP]")]
    wordpiece.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=frame)
    names = {"pad_token": FRAME[0], "unk_token": FRAME[1], "cls_token": FRAME[2], "sep_token": FRAME[3], "mask_token": FRAME[4]}
    return PreTrainedTokenizerFast(tokenizer_object=wordpiece, model_max_length=positions, **names)


def random_model(fixture: dict, scratch: pathlib.Path) -> GLiNER:
    """Built by gliner itself, so that it has gliner's layout; weights of a size that keeps activations alive."""
    words = tokenizer(fixture["normalizer"], fixture["positions"])
    words.save_pretrained(scratch)
    BertConfig(
        vocab_size=len(words),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=48,
        max_position_embeddings=fixture["positions"],
    ).save_pretrained(scratch)
    config = {"model_name": str(scratch), **fixture["config"]}
    model = GLiNER.from_config(config, backbone_from_pretrained=False)
    model.config.model_name = model.config.encoder_config.name_or_path = "tiny-bert"
    random = torch.Generator().manual_seed(fixture["seed"])
    for name, weight in model.model.named_parameters():
        is_matrix = weight.dim() == 2 and "embeddings" not in name
        scale = 1.6 / weight.shape[1] ** 0.5 if is_matrix else 0.5 if "embeddings" in name else 0.1
        centre = 1 if name.endswith("LayerNorm.weight") else 0
        weight.data = centre + scale * torch.randn(weight.shape, generator=random)
    return model.eval()


def int8_rows(matrix: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    scale = matrix.abs().amax(dim=1) / 127
    return (matrix / scale[:, None]).round().to(torch.int8), scale


def stored(model: GLiNER, stored_as: str) -> dict[str, torch.Tensor]:
    """The tensors of the file; the model then computes with exactly the values that they stand for."""
    tensors = {}
    for name, weight in model.model.named_parameters():
        if stored_as == "half":
            tensors[name] = weight.data.half()
            weight.data = tensors[name].float()
        elif weight.dim() == 2:
            tensors[name], tensors[name + ".scale"] = int8_rows(weight.data)
            weight.data = tensors[name].float() * tensors[name + ".scale"][:, None]
        else:
            tensors[name] = weight.data.clone()
    return tensors


def merge(text: str, entities: list[dict]) -> list[dict]:
    """The rule of the NuNER Zero model card."""
    merged = []
    for entity in map(dict, entities):
        last = merged[-1] if merged else None
        if last and last["label"] == entity["label"] and entity["start"] - last["end"] in (0, 1):
            last["end"] = entity["end"]
            last["text"] = text[last["start"] : last["end"]].strip()
        else:
            merged.append(entity)
    return merged


def predictions(model: GLiNER, text: str, labels: list[str]) -> list[dict]:
    results = []
    for flat_ner, multi_label, threshold in SETTINGS:
        found = model.predict_entities(text, labels, flat_ner=flat_ner, multi_label=multi_label, threshold=threshold)
        entities = [{key: entity[key] for key in ("start", "end", "text", "label", "score")} for entity in found]
        results.append(
            {
                "flat_ner": flat_ner,
                "multi_label": multi_label,
                "threshold": threshold,
                "entities": entities,
                "merged": merge(text, entities),
            }
        )
    return results


def first_subtokens(model: GLiNER, prompt: list[str], words: list[str]) -> list[int]:
    row = model.data_processor.transformer_tokenizer(prompt + words, is_split_into_words=True)
    numbers = row.word_ids()
    return [numbers.index(word) for word in range(len(prompt) + len(words))]


def require_clear(logits: torch.Tensor) -> None:
    thresholds = torch.tensor([threshold for _, _, threshold in SETTINGS])
    nearest = (logits.sigmoid().flatten()[:, None] - thresholds).abs().min().item()
    if nearest < MARGIN:
        raise SystemExit(f"a score is {nearest} from a threshold: choose another seed")


def case(model: GLiNER, text: str, labels: list[str]) -> dict:
    spans = list(model.data_processor.words_splitter(text))
    prepared = model.prepare_batch([text], labels)
    batch = model.collate_batch(prepared["input_x"], prepared["entity_types"])
    logits = model.run_batch(batch)[0][0]
    used = len(batch["tokens"][0])
    prompt = [part for label in labels for part in ("<<ENT>>", label)] + ["<<SEP>>"]
    words = batch["tokens"][0]
    inside = [[start + width < used for width in range(logits.shape[1])] for start in range(used)]
    require_clear(logits[torch.tensor(inside)])
    return {
        "text": text,
        "labels": labels,
        "words": [[word, start, end] for word, start, end in spans],
        "input_ids": batch["input_ids"][0].tolist(),
        "first_subtoken": first_subtokens(model, prompt, words),
        "logits": [
            [[round(score, 6) if fits else None for score in scores] for scores, fits in zip(rows, fit)]
            for rows, fit in zip(logits[:used].tolist(), inside)
        ],
        "predictions": predictions(model, text, labels),
    }


def longest_text(model: GLiNER, positions: int) -> str:
    """A text whose row takes every position, or more words than are read."""
    text, number = "", 0
    while number < 12:
        text, number = text + f"Iben Krag repaired boat number {number} . ", number + 1
    words = [word for word, _, _ in model.data_processor.words_splitter(text)][: model.config.max_len]
    prompt = [part for label in LABELS[0] for part in ("<<ENT>>", label)] + ["<<SEP>>"]
    row = model.data_processor.transformer_tokenizer(prompt + words, is_split_into_words=True)["input_ids"]
    return text + "a " * (positions - len(row))


def make(name: str, fixture: dict, target: pathlib.Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        model = random_model(fixture, pathlib.Path(scratch))
        tensors = stored(model, fixture["stored_as"])
        asked = [(text, labels) for text in TEXTS for labels in LABELS]
        asked += [("Hello", LABELS[0]), (longest_text(model, fixture["positions"]), LABELS[0])]
        cases = [case(model, text, labels) for text, labels in asked]
        written = pathlib.Path(scratch) / "written"
        model.save_pretrained(written, safe_serialization=True)
        target.mkdir(parents=True, exist_ok=True)
        for file in ("gliner_config.json", "tokenizer.json"):
            (target / file).write_bytes((written / file).read_bytes())
    save_file(tensors, target / "model.safetensors")
    expected = json.dumps(cases, ensure_ascii=False, separators=(",", ":")).encode()
    (target / "expected.json.gz").write_bytes(gzip.compress(expected, compresslevel=9, mtime=0))
    found = [len(entry["entities"]) for each in cases for entry in each["predictions"]]
    print(name, len(cases), "cases, tokens", sorted(len(each["input_ids"]) for each in cases), "entities", sum(found))


def main(target: pathlib.Path) -> None:
    torch.set_num_threads(1)
    for name, fixture in FIXTURES.items():
        make(name, fixture, target / name)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
