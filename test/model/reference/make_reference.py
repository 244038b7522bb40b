"""Makes golden.json: what Hugging Face transformers' pipelines say with the weights that ship.

    pip install -r requirements.txt
    python make_reference.py

Each text is run alone. Written with weights of the revision in models/catalog.json; run it again when these change.
"""

from pathlib import Path

import transformers

import texts
from bundled_model import BundledModel, mask_pipeline, sentiment_pipeline, token_pipeline
from pipelines import TOP_K, all_mentions_of, fits, masks_of, scores_of, write_golden

MODEL = "subtext-base"


def main():
    bundled = BundledModel(texts.ROOT / "models" / "catalog.json", MODEL)
    tokens, sentiment, masks = token_pipeline(bundled), sentiment_pipeline(bundled), mask_pipeline(bundled)

    results = []
    for source in [*texts.samples(), *texts.hostile()]:
        text = texts.as_tokenizers_see_it(source)
        result = {"text": source, "mentions": all_mentions_of(tokens, text)}
        if fits(bundled.tokenizer, text):  # The pipeline knows no windows here.
            result["sentiment"] = scores_of(sentiment, text)
        results.append(result)
    mask = bundled.tokenizer.mask_token
    predictions = [masks_of(masks, text.replace("[MASK]", mask), targets) for text, targets in texts.MASKS]

    head = {"model": MODEL, "revision": bundled.revision, "transformers": transformers.__version__, "topK": TOP_K}
    write_golden(Path(__file__).parent / "golden.json", head, texts=results, masks=predictions)
    print(f"{len(results)} texts, {len(predictions)} mask texts")


if __name__ == "__main__":
    main()
