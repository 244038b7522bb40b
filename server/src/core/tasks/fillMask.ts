import { softmax } from './softmax';

/** A vocabulary entry and its softmax probability over the whole vocabulary. */
export interface ScoredToken {
  readonly tokenId: number;
  readonly score: number;
}

/**
 * The most probable tokens at one mask, as Hugging Face's fill-mask pipeline finds them.
 *
 * @param logits `[masks, vocabulary]`, row-major.
 * @param row which mask.
 * @param isWanted only these ids count; scores are not renormalised.
 * @returns best first, at most `topK`; equal scores in order of their ids.
 */
export function decodeMask(
  logits: Float32Array,
  row: number,
  vocabularySize: number,
  topK: number,
  isWanted: (tokenId: number) => boolean = () => true,
): readonly ScoredToken[] {
  const scores = softmax(logits, row * vocabularySize, vocabularySize);
  const best: ScoredToken[] = [];
  const offer = (tokenId: number): void => {
    const score = scores[tokenId] ?? 0;
    const worst = best[topK - 1];
    if (worst && score <= worst.score) return;
    let place = Math.min(best.length, topK - 1);
    while (place > 0 && (best[place - 1]?.score ?? 0) < score) place--;
    best.splice(place, 0, { tokenId, score });
    if (best.length > topK) best.pop();
  };
  if (topK < 1) return best;
  for (let id = 0; id < vocabularySize; id++) if (isWanted(id)) offer(id);
  return best;
}
