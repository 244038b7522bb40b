import { type EngineParts, idsOf, planFor, type Steps, toBatch } from './engineParts';
import { EngineError } from './ports';
import type { InspectedToken, RankedLabel, TokenInspection } from './tasks/results';
import { decodeSequence, mergeWindowScores } from './tasks/textClassification';
import { rankLabels } from './tasks/tokenClassification';
import { splitWindows, type TokenWindow } from './windows';

/** Labels that are told of each token. */
const labelsPerToken = 2;

/** Tells what a model sees in a text and says of each token, in steps. See `InteractiveEngine.inspect`. */
export async function* inspectSteps(parts: EngineParts, text: string): Steps<TokenInspection> {
  const { model, tokenizer, runner, options } = parts;
  const [encoding] = await tokenizer.encode([text]);
  if (!encoding) throw new EngineError('The tokenizer left out a sentence.');
  yield;

  const windows = splitWindows(encoding, model.maxTokens, options.stride);
  const labels = new Map<number, readonly RankedLabel[]>();
  const sentiments = new Array<readonly number[]>(windows.length).fill([]);
  for (const batch of planFor(
    parts,
    windows.map(({ tokens }) => tokens.length),
  )) {
    const chosen = batch.flatMap((i) => windows[i] ?? []);
    const input = toBatch(
      parts,
      chosen.map((window) => idsOf(window, encoding)),
    );
    const { tokenLogits, sequenceLogits } = await runner.run(input);
    for (const [row, index] of batch.entries()) {
      const window = windows[index] as TokenWindow;
      const count = model.sentimentLabels.length;
      if (sequenceLogits) {
        const logits = sequenceLogits.subarray(row * count, (row + 1) * count);
        sentiments[index] = decodeSequence(logits, model.sentimentProblem);
      }
      if (!tokenLogits) continue;
      for (const [column, token] of window.tokens.entries()) {
        if (encoding.specialTokensMask[token] === 1 || mostCentral(windows, token) !== window) continue;
        const offset = (row * input.columns + column) * model.tokenLabels.length;
        labels.set(token, rankLabels(tokenLogits, offset, model.tokenLabels, labelsPerToken));
      }
    }
    yield;
  }
  return {
    tokens: encoding.ids.map((id, i): InspectedToken => {
      const [start, end] = encoding.offsets[i] ?? [0, 0];
      return {
        id,
        token: tokenizer.idToToken(id) ?? '',
        start,
        end,
        word: encoding.wordIds[i] ?? null,
        isSpecial: encoding.specialTokensMask[i] === 1,
        isUnknown: id === tokenizer.unknownTokenId,
        labels: labels.get(i) ?? [],
      };
    }),
    windows: windows.map(({ start, end }) => ({ start, end })),
    sentiment: mergeWindowScores(
      sentiments,
      windows.map(({ start, end }) => end - start),
    ),
  };
}

/** Of the windows that hold a token, the one in which it has most context on its poorer side. */
function mostCentral(windows: readonly TokenWindow[], token: number): TokenWindow | undefined {
  const context = ({ start, end }: TokenWindow): number => Math.min(token - start, end - 1 - token);
  return windows.reduce<TokenWindow | undefined>(
    (best, window) => (context(window) >= 0 && (!best || context(window) > context(best)) ? window : best),
    undefined,
  );
}
