import { type EngineParts, idsOf, planFor, type Steps, toBatch } from './engineParts';
import { EngineError } from './ports';
import { decodeMask } from './tasks/fillMask';
import type { MaskCandidate, MaskPrediction } from './tasks/results';
import { maskSpan } from './tokenizer/encoding';
import { windowsAround } from './windows';

/** Masks predicted in one run; each has logits for the whole vocabulary. */
export const masksPerRun = 16;

/** Predicts every mask of a text as Hugging Face's pipeline does, in steps. See `AnalysisEngine.fillMask`. */
export async function* fillMaskSteps(
  parts: EngineParts,
  text: string,
  { topK, targets }: { readonly topK: number; readonly targets?: readonly string[] },
): Steps<readonly MaskPrediction[]> {
  const { model, tokenizer, runner } = parts;
  const targetIds = targets && (await toTargetIds(parts, targets));
  const [encoding] = await tokenizer.encode([text]);
  const maskId = tokenizer.tokenToId(model.maskToken);
  const masks = encoding?.ids.flatMap((id, i) => (id === maskId ? [i] : [])) ?? [];
  if (!encoding || masks.length === 0)
    throw new EngineError(`The text holds no mask token (${model.maskToken}).`);
  yield;

  const windows = windowsAround(encoding, masks, model.maxTokens);
  const predictions = new Map<number, MaskPrediction>();
  for (const batch of planFor(
    parts,
    windows.map(({ window }) => window.tokens.length),
  )) {
    const chosen = batch.flatMap((i) => windows[i] ?? []);
    const ids = chosen.map(({ window }) => idsOf(window, encoding));
    const input = toBatch(parts, ids);
    const places = chosen.flatMap(({ window, positions }, row) =>
      positions.map((mask) => ({ mask, row, column: window.tokens.indexOf(mask) })),
    );
    for (let first = 0; first < places.length; first += masksPerRun) {
      const some = places.slice(first, first + masksPerRun);
      const logits = await runner.runMasks(input, some);
      for (const [row, { mask }] of some.entries()) {
        predictions.set(mask, {
          mask: maskSpan(text, encoding.offsets[mask] ?? [0, 0], model.maskToken),
          candidates: await toCandidates(parts, logits, row, topK, targetIds),
        });
      }
      yield;
    }
  }
  return masks.flatMap((mask) => predictions.get(mask) ?? []);
}

function toCandidates(
  { model, tokenizer }: EngineParts,
  logits: Float32Array,
  row: number,
  topK: number,
  targetIds: ReadonlySet<number> | undefined,
): Promise<readonly MaskCandidate[]> {
  return Promise.all(
    decodeMask(logits, row, model.vocabularySize, topK, targetIds && ((id) => targetIds.has(id))).map(
      async ({ tokenId, score }) => ({
        tokenId,
        token: tokenizer.idToToken(tokenId) ?? '',
        text: (await tokenizer.decode([tokenId])).trimStart(),
        score,
      }),
    ),
  );
}

async function toTargetIds(
  { tokenizer, options }: EngineParts,
  targets: readonly string[],
): Promise<ReadonlySet<number>> {
  const firstPiece = async (target: string): Promise<number | undefined> => {
    const [encoding] = await tokenizer.encode([target]);
    return encoding?.ids.find((_, i) => encoding.specialTokensMask[i] === 0);
  };
  const ids = new Set<number>();
  for (const target of targets) {
    const known = tokenizer.tokenToId(target);
    const id = known ?? (await firstPiece(target));
    if (id !== undefined) ids.add(id);
    if (known === undefined) {
      options.logger?.warn(
        id === undefined
          ? 'A fill-mask target has no word piece and is ignored.'
          : 'A fill-mask target is not in the vocabulary; its first word piece stands for it.',
      );
    }
  }
  if (ids.size === 0) throw new EngineError('None of the fill-mask targets can be expressed by the model.');
  return ids;
}
