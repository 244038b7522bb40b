import type { ModelDescription } from '../core/model';
import { type Json, json, toJson } from '../core/surfaces/json';
import type { AnalyzedSentence, Place } from './analyzeText';

/*
 * The JSON that `subtext analyze` writes; docs/cli.md describes it for its readers, and a change that could
 * break one of them raises the number. Offsets are UTF-16 code units; lines and columns count from 1.
 */
export const FORMAT_VERSION = 1;

/** A document of its own, laid out for people, too. */
export const toJsonDocument = (value: object, replacer?: (key: string, value: unknown) => unknown): Json =>
  json.text`${toJson(value, 2, replacer)}\n`;

/** Decimal places of probabilities: finer differences come from the processor, not from the text. */
const SCORE_DIGITS = 4;

export const roundScore = (score: number): number => Number(score.toFixed(SCORE_DIGITS));

const toJsonPlace = ({ start, end, from, to }: Place) => ({
  start,
  end,
  line: from.line + 1,
  column: from.character + 1,
  endLine: to.line + 1,
  endColumn: to.character + 1,
});

/** The tasks that were asked for; the fields of others are absent. */
export interface JsonTasks {
  readonly entities: boolean;
  readonly sentiment: boolean;
}

/** @param source the whole text, so that every `text` is exactly what stands between its offsets. */
export const toJsonSentence = (sentence: AnalyzedSentence, source: string, tasks: JsonTasks) => ({
  ...toJsonPlace(sentence),
  text: source.slice(sentence.start, sentence.end),
  ...(sentence.isIgnored && { ignored: true }),
  ...(tasks.entities && {
    entities: sentence.entities.map((entity) => ({
      type: entity.type,
      score: roundScore(entity.score),
      ...toJsonPlace(entity),
      text: entity.text,
      name: entity.name,
      ...(entity.isListed && { listed: true }),
    })),
  }),
  ...(tasks.sentiment &&
    sentence.sentiment && {
      sentiment: {
        label: sentence.sentiment.label,
        score: roundScore(sentence.sentiment.score),
        scores: Object.fromEntries(
          Object.entries(sentence.sentiment.scores).map(([label, score]) => [label, roundScore(score)]),
        ),
      },
    }),
});

/** What says which model the scores are from. */
export const toJsonModel = ({ id, revision }: ModelDescription) => ({ id, revision });
