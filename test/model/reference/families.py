"""The small models: every BERT family with the heads, label schemes and file layouts that repositories of the Hub have.

Plain data; make_models.py builds them into test/fixtures/models, make_families.py takes the reference results.
"""

from dataclasses import dataclass, field, replace

EUROPEAN = ("en", "de", "es", "pt", "pl", "sv")
WORLD = ("en", "de", "es", "ru", "tr", "ar", "hi", "ja", "ko", "zh")
ALPHABETS = ("en", "de", "es", "ru", "tr", "ar", "hi", "zh")


@dataclass(frozen=True)
class Family:
    """An architecture and its tokenizer, shared by the family's models."""

    # `model_type` of its config.json.
    architecture: str
    # Function of small_tokenizers.py with its arguments.
    tokenizer: str
    languages: tuple
    pieces: int = 900
    # Of the tokenizer.
    options: dict = field(default_factory=dict)
    # As tokenizer_config.json names it.
    tokenizer_class: str = "BertTokenizer"
    config: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Model:
    """A repository: one head on a family's encoder."""

    family: str
    # `entities`, `sentiment` or `fillMask`.
    task: str
    # Of the head: a scheme of label_schemes.py for entities, a kind of sentiment.
    labels: str = ""
    max_tokens: int = 128
    # What the graph declares beside input_ids and attention_mask.
    token_types: bool = False
    inputs: str = "int64"
    # Batch and sequence of a graph that takes no others.
    fixed_batch: int | None = None
    fixed_length: int | None = None
    external_data: bool = False
    output: str = "logits"
    # Many repositories leave model_max_length out, or say 10^30: the limit is then the number of positions.
    says_max_tokens: bool = True
    # Some tokenizer.json ask for truncation and padding, which would lose text.
    tokenizer_truncates: bool = False


FAMILIES = {
    "bert-cased": Family("bert", "word_piece", EUROPEAN),
    "bert-uncased": Family("bert", "word_piece", WORLD, options={"lowercase": True}, pieces=1200),
    "bert-chinese": Family("bert", "word_piece", ("zh", "en"), pieces=1500),
    "distilbert": Family(
        "distilbert", "word_piece", EUROPEAN, tokenizer_class="DistilBertTokenizer", config={"hidden_dim": 48}
    ),
    "roberta": Family("roberta", "byte_level_bpe", EUROPEAN, tokenizer_class="RobertaTokenizer"),
    "camembert": Family("camembert", "camembert", ("fr", "pt", "es", "en"), tokenizer_class="CamembertTokenizer"),
    "albert": Family(
        "albert", "albert", ("en",), tokenizer_class="AlbertTokenizer", config={"embedding_size": 16}
    ),
    "xlm-roberta": Family("xlm-roberta", "xlm_roberta", ALPHABETS, pieces=1800, tokenizer_class="XLMRobertaTokenizer"),
    "electra": Family(
        "electra",
        "word_piece",
        ("en",),
        options={"lowercase": True},
        tokenizer_class="ElectraTokenizer",
        config={"embedding_size": 16},
    ),
    "deberta-v2": Family(
        "deberta-v2",
        "deberta_v2",
        EUROPEAN,
        tokenizer_class="DebertaV2Tokenizer",
        config={
            "relative_attention": True,
            "position_buckets": 32,
            "norm_rel_ebd": "layer_norm",
            "share_att_key": True,
            "pos_att_type": ["p2c", "c2p"],
            "position_biased_input": False,
            "type_vocab_size": 0,
        },
    ),
}
# The normalisation that the real one has is a third of a megabyte in tokenizer.json: once is enough.
FAMILIES["xlm-roberta-nfkc"] = replace(FAMILIES["xlm-roberta"], options={"whole_nfkc": True})

MODELS = {
    "bert-cased-ner": Model("bert-cased", "entities", "iob2", token_types=True),
    "bert-cased-mlm": Model("bert-cased", "fillMask", token_types=True, tokenizer_truncates=True),
    "bert-uncased-ner": Model("bert-uncased", "entities", "io", token_types=True, tokenizer_truncates=True),
    "bert-uncased-stars": Model("bert-uncased", "sentiment", "stars", token_types=True, external_data=True),
    "bert-uncased-mlm": Model("bert-uncased", "fillMask"),
    "bert-chinese-ner": Model(
        "bert-chinese", "entities", "bioes", token_types=True, max_tokens=64, fixed_length=64
    ),
    "bert-chinese-mlm": Model("bert-chinese", "fillMask", token_types=True, says_max_tokens=False),
    "distilbert-ner": Model("distilbert", "entities", "bioes", output="output_0"),
    "distilbert-polarity": Model(
        "distilbert", "sentiment", "two", max_tokens=96, fixed_batch=1, fixed_length=96
    ),
    "distilbert-mlm": Model("distilbert", "fillMask"),
    "roberta-ner": Model("roberta", "entities", "ontonotes"),
    "roberta-feelings": Model("roberta", "sentiment", "several"),
    "roberta-mlm": Model("roberta", "fillMask"),
    "camembert-ner": Model("camembert", "entities", "io", says_max_tokens=False),
    "camembert-mlm": Model("camembert", "fillMask"),
    "albert-ner": Model("albert", "entities", "iob2", token_types=True),
    "albert-regression": Model("albert", "sentiment", "regression", token_types=True),
    "albert-mlm": Model("albert", "fillMask", token_types=True),
    "xlm-roberta-ner": Model("xlm-roberta-nfkc", "entities", "iob1", external_data=True),
    "xlm-roberta-polarity": Model("xlm-roberta", "sentiment", "three"),
    "xlm-roberta-mlm": Model("xlm-roberta", "fillMask", says_max_tokens=False),
    "electra-ner": Model("electra", "entities", "iob1", token_types=True, inputs="int32"),
    "electra-polarity": Model("electra", "sentiment", "one", token_types=True),
    "electra-mlm": Model("electra", "fillMask", token_types=True, inputs="int32"),
    "deberta-v2-ner": Model("deberta-v2", "entities", "iob2", token_types=True),
    "deberta-v2-mlm": Model("deberta-v2", "fillMask"),
}
