"""Transformers of a few kilobytes with random weights, for the tests of whatever loads a real one. They need torch."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

os.environ["HF_HUB_OFFLINE"] = "1"  # read when the hub's client is first imported: no test may look for it

TEXT = "图书馆2019年新增册全接待读者人次青山绿水举办讲座书法作品展开幕办证多少library books how many"
SIZES = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}


def save_encoder(folder: Path, seed: int = 1) -> Path:
    """A BERT as published without sentence-transformers' own files: loading it adds mean pooling."""
    import torch
    from transformers import BertConfig, BertModel

    torch.manual_seed(seed)
    return _save(folder, BertModel(BertConfig(vocab_size=len(_vocabulary()), **SIZES)))


def save_cross_encoder(folder: Path, seed: int = 1) -> Path:
    """A BERT that gives a pair of texts one score."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification

    torch.manual_seed(seed)
    config = BertConfig(vocab_size=len(_vocabulary()), num_labels=1, initializer_range=1.0, **SIZES)
    return _save(folder, BertForSequenceClassification(config))


def _vocabulary() -> dict[str, int]:
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    return {token: i for i, token in enumerate([*special, *sorted(set(TEXT) - {" "})])}


def _save(folder: Path, model: Any) -> Path:
    from tokenizers import Regex, Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Split
    from tokenizers.processors import TemplateProcessing
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(WordLevel(_vocabulary(), unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Split(Regex(r"\s*\S"), "isolated")
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    names = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=128, **names).save_pretrained(folder)
    model.save_pretrained(folder)
    return folder
