"""Small real models that sentence-transformers itself writes: other poolings, dense layers, other tokenizers."""

from __future__ import annotations

import json
from pathlib import Path

KINDS = ("dense", "last-token", "layer-norm", "lower-case", "xlm-r", "table")


def build(kind: str, bert: Path, folder: Path) -> Path:
    """A model of a kind in `folder`, over the small BERT in `bert` where it takes one."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Dense, Transformer
    from sentence_transformers.sentence_transformer.modules import LayerNorm, Normalize, Pooling

    if kind == "table":
        return _table(bert, folder)
    if kind == "xlm-r":
        first = Transformer(str(_xlm_r(folder / "base")), max_seq_length=40)
        modules = [first, Pooling(32, pooling_mode="mean"), Normalize()]
    else:
        first = Transformer(str(bert), max_seq_length=40)
        pooling = {"dense": "mean", "last-token": "lasttoken", "layer-norm": "max", "lower-case": "cls"}[kind]
        further = {"dense": [Dense(32, 12), Normalize()], "last-token": [Normalize()], "layer-norm": [LayerNorm(32)]}
        modules = [first, Pooling(32, pooling_mode=pooling), *further.get(kind, [])]
    made = folder / kind
    SentenceTransformer(modules=modules, device="cpu").save(str(made))
    if kind == "lower-case":
        _lower_elsewhere(made)
    return made


def _xlm_r(folder: Path) -> Path:
    """A random XLM-R: positions begin behind the padding's id, and there are no token types."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast, XLMRobertaConfig, XLMRobertaModel

    marks = ["<s>", "<pad>", "</s>", "<unk>"]
    signs = [chr(i) for i in range(97, 123)] + ["▁", "电", "池", "的", "，"]
    vocabulary = [(sign, 0.0) for sign in marks] + [(sign, -3.0) for sign in signs]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=3))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    names = {"bos_token": "<s>", "cls_token": "<s>", "eos_token": "</s>", "sep_token": "</s>"}
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="<pad>",
        unk_token="<unk>",
        model_input_names=["input_ids", "attention_mask"],
        **names,
    ).save_pretrained(folder)
    config = XLMRobertaConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=66,
        pad_token_id=1,
        type_vocab_size=1,
    )
    XLMRobertaModel(config).eval().save_pretrained(folder)
    return folder


def _lower_elsewhere(folder: Path) -> None:
    """Let tokenizer.json keep capitals; what makes them small is said beside it, where sentence-transformers looks."""
    told = json.loads((folder / "tokenizer.json").read_text())
    told["normalizer"] = {"type": "NFC"}
    (folder / "tokenizer.json").write_text(json.dumps(told))
    (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": 40, "do_lower_case": True}))


def _table(bert: Path, folder: Path) -> Path:
    """A table of token vectors (StaticEmbedding)."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(bert / "tokenizer.json"))
    weights = torch.randn(tokenizer.get_vocab_size(), 16, generator=torch.Generator().manual_seed(0))
    made = folder / "table"
    SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=weights)], device="cpu").save(str(made))
    return made


def classifier(bert: Path, folder: Path) -> Path:
    """The small BERT in `bert` with a head for two classes, taught a few words of praise and blame (a second)."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    torch.manual_seed(0)
    praise = ["great", "i love it", "a great thing", "this is great, i love it.", "love", "recommend"]
    blame = ["terrible", "i hate it", "a terrible thing", "this is terrible, i hate it.", "hate", "broken"]
    tokenizer = AutoTokenizer.from_pretrained(str(bert))
    config = BertConfig.from_pretrained(str(bert), id2label={0: "negative", 1: "positive"})
    model = BertForSequenceClassification(config).train()
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    features = tokenizer([*praise, *blame], padding=True, return_tensors="pt")
    labels = torch.tensor([1] * len(praise) + [0] * len(blame))
    for _ in range(60):
        optimizer.zero_grad()
        model(**features, labels=labels).loss.backward()
        optimizer.step()
    made = folder / "classifier"
    model.eval().save_pretrained(made)
    tokenizer.save_pretrained(made)
    return made
