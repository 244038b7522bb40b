import { EngineError } from '../core/ports';
import type { MaskCandidate } from '../core/tasks/results';
import { withMaskToken } from '../core/text/maskTokens';
import type { Span } from '../core/text/span';
import { exitCodes } from './exitCodes';
import { FORMAT_VERSION, toJsonModel } from './jsonFormat';
import { readStandardInput } from './readInput';
import type { Session } from './session';
import { toTerminal } from './terminalText';

export interface FillOptions {
  readonly top: number;
  readonly targets?: readonly string[];
  readonly format: 'text' | 'json';
  /** A reference, as in the settings. */
  readonly model?: string;
  readonly threads: number;
}

interface FilledMask {
  /** In the text as it was given. */
  readonly mask: Span;
  /** Best first. */
  readonly candidates: readonly MaskCandidate[];
}

/** Suggests words for the masks of a text. @param given absent: read it from standard input. */
export const runFill = async (
  given: string | undefined,
  options: FillOptions,
  session: Session,
): Promise<number> => {
  const { output, progress, signal } = session;
  const read = given === undefined ? await readStandardInput(session) : { text: given };
  if ('problem' in read) {
    session.complain(`standard input: ${read.problem}`);
    return exitCodes.failed;
  }
  const text = read.text.trimEnd();
  if (withMaskToken(text, '').masks.length === 0) {
    session.complain('the text has no [MASK] (or <mask>) to fill');
    return exitCodes.usage;
  }
  progress.show('Loading the model …');
  const engine = await session.startEngine(options.threads, options.model);
  try {
    if (!engine.model.tasks.includes('fillMask')) {
      throw new EngineError(`The model ${engine.model.id} cannot fill masks.`);
    }
    const masked = withMaskToken(text, engine.model.maskToken);
    const predictions = await engine.fillMask(masked.text, {
      topK: options.top,
      ...(options.targets && { targets: options.targets }),
      signal,
    });
    const filled = predictions.flatMap(({ mask, candidates }) => {
      const place = masked.masks.find(({ inText }) => inText.start === mask.start);
      return place ? [{ mask: place.given, candidates }] : [];
    });
    progress.clear();
    if (options.format === 'json') {
      const masks = filled.map(toJsonMask);
      const model = toJsonModel(engine.model);
      await output.write(
        `${JSON.stringify({ version: FORMAT_VERSION, model, text, masks }, undefined, 2)}\n`,
      );
    } else await output.write(toText(text, filled, session));
    await output.flush();
    return exitCodes.ok;
  } finally {
    await engine.dispose();
  }
};

/** Significant digits: the probability of a target may be far below that of the best candidates. */
const SCORE_PRECISION = 4;

const toJsonMask = ({ mask, candidates }: FilledMask) => ({
  start: mask.start,
  end: mask.end,
  candidates: candidates.map(({ text, token, score }) => ({
    text,
    token,
    score: Number(score.toPrecision(SCORE_PRECISION)),
  })),
});

const toText = (text: string, filled: readonly FilledMask[], { colors }: Session): string => {
  const lines = [colors.bold(toTerminal(text))];
  for (const [i, { candidates }] of filled.entries()) {
    if (filled.length > 1) lines.push(colors.dim(`  mask ${i + 1} of ${filled.length}`));
    for (const candidate of candidates) {
      const percent = `${(candidate.score * 100).toFixed(1)}%`.padStart(6);
      lines.push(`  ${colors.dim(percent)}  ${toTerminal(candidate.text)}`);
    }
  }
  return `${lines.join('\n')}\n`;
};
