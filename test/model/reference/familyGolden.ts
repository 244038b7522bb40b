import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../support/paths';
import type { GoldenMaskText, GoldenText } from './golden';

const folder = join(root, 'test/fixtures/reference');

/** What transformers says with a small model: the list that belongs to its head, the others are absent. */
export interface FamilyGolden {
  /** Name of its folder in test/fixtures/models. */
  readonly model: string;
  /** Version of the library. */
  readonly transformers: string;
  /** Texts by their index in {@link SharedTexts}. */
  readonly entities?: readonly { readonly text: number; readonly mentions: GoldenText['mentions'] }[];
  /** Only texts that fit into one window; scores in the order of the model's labels. */
  readonly sentiment?: readonly { readonly text: number; readonly scores: readonly number[] }[];
  readonly masks?: readonly GoldenMaskText[];
  /** Candidates a mask. */
  readonly topK?: number;
}

export interface SharedTexts {
  readonly texts: readonly string[];
  /** Index of the first of the hostile ones; every model has these. */
  readonly hostileFrom: number;
}

export const readSharedTexts = (): SharedTexts => readJson('texts.json') as SharedTexts;

/** The results of every small model, as make_families.py writes them. */
export const readFamilies = (): readonly FamilyGolden[] =>
  readdirSync(folder)
    .filter((name) => name !== 'texts.json')
    .map((name) => readJson(name) as FamilyGolden);

const readJson = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
