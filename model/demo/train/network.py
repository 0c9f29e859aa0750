"""The demo model: a BERT encoder with GLiNER's span-marker head at width 1, with GLiNER's own parameter names.

At width 1 a span is a word: v = out_project(relu([project_start(y) ; project_end(y)])), scored against each label by a dot product.
"""

import copy
import json
from pathlib import Path

import torch
from tokenizers import Regex, Tokenizer, normalizers
from torch import nn
from transformers import BertConfig, BertModel

CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞŁŚŠŻŽČĆĐ"
MARKERS = ["[FLERT]", "<<ENT>>", "<<SEP>>"]


def case_normalizer():
    """Lower case that keeps the case visible: "^" before each capital that does not follow a capital.

    The encoder's vocabulary is uncased. A replacement may not be empty at both ends (zero-width patterns break the library), so every
    capital first gets a mark and then the marks that follow a marked letter go.
    """
    steps = [normalizers.Replace(c, "^" + c.lower()) for c in CAPITALS]
    steps.append(normalizers.Replace(Regex(r"(?<=\^\p{Ll})\^"), ""))
    steps.append(normalizers.BertNormalizer(clean_text=True, handle_chinese_chars=True, lowercase=True))
    return normalizers.Sequence(steps)


def case_tokenizer(encoder_directory, keep_case=True):
    """The encoder's WordPiece tokenizer with the case marks and GLiNER's three added tokens."""
    tokenizer = Tokenizer.from_file(str(Path(encoder_directory) / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    if keep_case:
        tokenizer.normalizer = case_normalizer()
    tokenizer.add_special_tokens(MARKERS)
    return tokenizer


class RowDropout(nn.Module):
    """Drops features of a row at all its tokens: a tenth of the random numbers, which on a CPU cost as much as a layer."""

    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, hidden):
        if not self.training or self.p == 0:
            return hidden
        keep = (torch.rand(hidden.shape[0], 1, hidden.shape[2]) >= self.p).to(hidden.dtype) / (1 - self.p)
        return hidden * keep


class BertLayer(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.model = BertModel(config, add_pooling_layer=False)


class TokenRepresentation(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.bert_layer = BertLayer(config)


class Lstm(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.lstm = nn.LSTM(size, size // 2, batch_first=True, bidirectional=True)


def two_layers(size, inner, dropout):
    return nn.Sequential(nn.Linear(size, inner), nn.ReLU(), RowDropout(dropout), nn.Linear(inner, size))


class Marker(nn.Module):
    def __init__(self, size, dropout):
        super().__init__()
        self.project_start = two_layers(size, 2 * size, dropout)
        self.project_end = two_layers(size, 2 * size, dropout)
        self.out_project = nn.Linear(2 * size, size)

    def forward(self, words):
        return self.out_project(torch.cat([self.project_start(words), self.project_end(words)], -1).relu())


class SpanRepresentation(nn.Module):
    def __init__(self, size, dropout):
        super().__init__()
        self.span_rep_layer = Marker(size, dropout)


class WordTypeModel(nn.Module):
    """Logits [batch, words, labels] from ids [batch, tokens], the tokens' mask, and the places of words and labels."""

    def __init__(self, config, dropout=0.3):
        super().__init__()
        size = config.hidden_size
        self.token_rep_layer = TokenRepresentation(config)
        self.rnn = Lstm(size)
        self.span_rep_layer = SpanRepresentation(size, dropout)
        self.prompt_rep_layer = two_layers(size, 4 * size, dropout)
        self.dropout = RowDropout(dropout)

    @property
    def encoder(self):
        return self.token_rep_layer.bert_layer.model

    def forward(self, ids, mask, word_places, word_counts, label_places):
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        size = hidden.shape[-1]
        words = torch.gather(hidden, 1, word_places.unsqueeze(-1).expand(-1, -1, size))
        labels = torch.gather(hidden, 1, label_places.unsqueeze(-1).expand(-1, -1, size))
        words = self.dropout(words).float()
        with torch.autocast("cpu", enabled=False):
            packed = nn.utils.rnn.pack_padded_sequence(words, word_counts, batch_first=True, enforce_sorted=False)
            words, _ = nn.utils.rnn.pad_packed_sequence(self.rnn.lstm(packed)[0], batch_first=True)
        spans = self.span_rep_layer.span_rep_layer(words)
        prompts = self.prompt_rep_layer(labels)
        return torch.einsum("bwd,bcd->bwc", spans.float(), prompts.float())


def from_encoder(directory, tokenizer):
    """A fresh head on the pretrained encoder; the rows of the added tokens start near the mean of the others."""
    config = BertConfig.from_json_file(Path(directory) / "config.json")
    pretrained = BertModel.from_pretrained(directory, add_pooling_layer=False)
    pretrained.resize_token_embeddings(tokenizer.get_vocab_size(), mean_resizing=False)
    config.vocab_size = tokenizer.get_vocab_size()
    config._attn_implementation = "eager"  # on short rows faster backwards than the fused one, on a CPU
    config.attention_probs_dropout_prob = 0.0
    model = WordTypeModel(config)
    model.encoder.embeddings.dropout = RowDropout(config.hidden_dropout_prob)
    for layer in model.encoder.encoder.layer:
        layer.attention.output.dropout = layer.output.dropout = RowDropout(config.hidden_dropout_prob)
    model.encoder.load_state_dict(pretrained.state_dict(), strict=False)
    with torch.no_grad():
        table = model.encoder.embeddings.word_embeddings.weight
        first = tokenizer.token_to_id(MARKERS[0])
        table[first:] = table[:first].mean(0) + 0.02 * torch.randn(len(table) - first, table.shape[1])
    return model


def gliner_config(config, class_token_index):
    """The gliner_config.json of this layout."""
    encoder = {k: v for k, v in copy.deepcopy(config).to_dict().items()
               if k in ("attention_probs_dropout_prob", "hidden_act", "hidden_dropout_prob", "hidden_size", "initializer_range", "intermediate_size",
                        "layer_norm_eps", "max_position_embeddings", "model_type", "num_attention_heads", "num_hidden_layers", "pad_token_id",
                        "position_embedding_type", "type_vocab_size", "vocab_size")}
    return json.dumps({
        "model_name": "sentence-transformers/all-MiniLM-L6-v2", "name": "nuner-demo", "span_mode": "marker", "max_width": 1, "max_len": 384,
        "hidden_size": config.hidden_size, "dropout": 0.3, "fine_tune": True, "subtoken_pooling": "first", "words_splitter_type": "whitespace",
        "ent_token": "<<ENT>>", "sep_token": "<<SEP>>", "class_token_index": class_token_index, "vocab_size": config.vocab_size,
        "max_types": 25, "max_neg_type_ratio": 1, "encoder_config": encoder}, indent=2) + "\n"
