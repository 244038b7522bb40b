import { EngineError } from '../core/ports';
import { pad, type TerminalText, terminal, toLines } from '../core/surfaces/terminal';
import type { MaskCandidate, WordCandidate } from '../core/tasks/results';
import { type MaskedText, withMaskToken } from '../core/text/maskTokens';
import type { Span } from '../core/text/span';
import { mostMasksTogether, shownScore } from '../protocol/fillMask';
import type { RunningEngine } from './engine';
import { exitCodes } from './exitCodes';
import { FORMAT_VERSION, toJsonDocument, toJsonModel } from './jsonFormat';
import { readStandardInput } from './readInput';
import type { Session } from './session';

export interface FillOptions {
  readonly top: number;
  readonly targets?: readonly string[];
  /** All masks at once, in words of any number of pieces. */
  readonly together: boolean;
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
  const { output, progress, colors } = session;
  const read = given === undefined ? await readStandardInput(session) : { text: given };
  if ('problem' in read) {
    session.complain(`standard input: ${read.problem}`);
    return exitCodes.failed;
  }
  const text = read.text.trimEnd();
  const { length: count } = withMaskToken(text, '').masks;
  if (count === 0) {
    session.complain('the text has no [MASK] (or <mask>) to fill');
    return exitCodes.usage;
  }
  if (options.together && count > mostMasksTogether) {
    session.complain(`at most ${mostMasksTogether} masks are filled together`);
    return exitCodes.usage;
  }
  progress.show('Loading the model …');
  const engine = await session.startEngine(options.threads, options.model);
  try {
    if (!engine.model.tasks.includes('fillMask')) {
      throw new EngineError(`The model ${engine.model.id} cannot fill masks.`);
    }
    const masked = withMaskToken(text, engine.model.maskToken);
    const answer = options.together
      ? await fillTogether(masked, engine, options, session)
      : await fillEach(masked, engine, options, session);
    progress.clear();
    const json = { version: FORMAT_VERSION, model: toJsonModel(engine.model), text, ...answer.json };
    await output.write(
      options.format === 'json'
        ? toJsonDocument(json)
        : toLines([colors.bold(terminal.escape(text)), ...answer.lines]),
    );
    await output.flush();
    return exitCodes.ok;
  } finally {
    await engine.dispose();
  }
};

/** What is written: for a program, and for people. */
interface Answer {
  readonly json: object;
  readonly lines: readonly TerminalText[];
}

const fillEach = async (
  masked: MaskedText,
  engine: RunningEngine,
  { top, targets }: FillOptions,
  session: Session,
): Promise<Answer> => {
  const { signal, colors } = session;
  const predictions = await engine.fillMask(masked.text, { topK: top, ...(targets && { targets }), signal });
  const filled = predictions.flatMap(({ mask, candidates }): readonly FilledMask[] => {
    const place = masked.masks.find(({ inText }) => inText.start === mask.start);
    return place ? [{ mask: place.given, candidates }] : [];
  });
  const lines = filled.flatMap(({ candidates }, i) => [
    ...(filled.length > 1 ? [colors.dim(terminal.text`  mask ${i + 1} of ${filled.length}`)] : []),
    ...candidates.map(({ text, score }) => toLine(text, score, session)),
  ]);
  return { json: { masks: filled.map(toJsonMask) }, lines };
};

const fillTogether = async (
  { text, masks }: MaskedText,
  engine: RunningEngine,
  { top, targets }: FillOptions,
  session: Session,
): Promise<Answer> => {
  const found: readonly WordCandidate[] = await engine.fillWords(text, {
    masks: masks.map((_, index) => ({ index })),
    topK: top,
    ...(targets && { words: targets }),
    signal: session.signal,
  });
  const fillings = found.map(({ texts, score }) => ({ texts, score: toJsonScore(score) }));
  return {
    json: { masks: masks.map(({ given }) => given), fillings },
    lines: found.map((filling) => toLine(filling.texts.join(' … '), shownScore(filling), session)),
  };
};

/** Significant digits: the probability of a target may be far below that of the best candidates. */
const SCORE_PRECISION = 4;

const toJsonScore = (score: number): number => Number(score.toPrecision(SCORE_PRECISION));

const toJsonMask = ({ mask, candidates }: FilledMask) => ({
  ...mask,
  candidates: candidates.map(({ text, token, score }) => ({ text, token, score: toJsonScore(score) })),
});

const PERCENT_COLUMNS = 6;

const toLine = (text: string, score: number, { colors }: Session): TerminalText => {
  const percent = terminal.escape(`${(score * 100).toFixed(1)}%`);
  return terminal.text`  ${colors.dim(pad(percent, PERCENT_COLUMNS, 'left'))}  ${terminal.escape(text)}`;
};
