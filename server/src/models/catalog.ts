import { join } from 'node:path';
import { toLanguageCode } from '../core/language/languageCodes';
import { type ModelTask, modelTasks, type Precision, precisions } from '../core/model';
import type { LeastScores, RecommendedScores } from '../core/tasks/leastScores';
import { mostFileBytes } from '../hub/hubLimits';
import type { Fields } from './fields';
import { readJsonFile } from './jsonFile';
import { mostMegabytes, mostPositions } from './modelLimits';

/** Names of the encoder graph's outputs; a head that the model lacks has none. */
export interface EncoderOutputNames {
  readonly token?: string | undefined;
  readonly sequence?: string | undefined;
  readonly hidden?: string | undefined;
}

/** What the catalogue says of every model. Paths are relative to the model's folder and use `/`. */
interface CatalogFields {
  /** A name of ours for what comes with Subtext, `owner/name` for a repository; what a setting says. */
  readonly id: string;
  readonly title: string;
  /** SPDX id. */
  readonly licence: string;
  /** BCP 47; `mul` where there are too many to name. */
  readonly languages: readonly string[];
}

/** A model that lies in a folder beside the catalogue, and the layout of its graphs. */
export interface BundledEntry extends CatalogFields {
  readonly kind: 'bundled';
  /** The catalogue's name of the version. */
  readonly revision: string;
  /** Folder beside the catalogue. */
  readonly bundled: string;
  readonly limits: { readonly maxTokens: number };
  readonly leastScores?: RecommendedScores | undefined;
  readonly encoder: { readonly graph: string; readonly outputs: EncoderOutputNames };
  /** The masked-LM head: hidden states in, logits over the vocabulary out. */
  readonly mask?: { readonly graph: string; readonly input: string; readonly output: string } | undefined;
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
}

/** A repository of the Hugging Face Hub; its layout is that of every such repository. */
export interface HubEntry extends CatalogFields {
  readonly kind: 'hub';
  /** A commit; `main` where none has been checked. */
  readonly revision: string;
  /** What Subtext uses it for. Empty: for nothing yet, and it is not offered; see `note`. */
  readonly tasks: readonly ModelTask[];
  readonly limits: { readonly maxTokens: number };
  /** Entity types or classes of the model under the names that are shown; null: not to be shown at all. */
  readonly labels: Readonly<Record<string, string | null>>;
  /** Size of the graph by precision, in millions of bytes, as far as it is known. */
  readonly megabytes: Readonly<Partial<Record<Precision, number>>>;
  /** Published by whoever trained it. */
  readonly score?: { readonly text: string; readonly source: string } | undefined;
  /** Where the model is described. */
  readonly url: string;
  readonly note?: string | undefined;
  /** Files of this revision. Whatever is named here is installed only with this content. */
  readonly files: readonly HubEntryFile[];
}

export interface HubEntryFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** An entry of models/catalog.json. */
export type CatalogEntry = BundledEntry | HubEntry;

/**
 * Reads `catalog.json` of a models folder.
 *
 * @throws EngineError naming the file and the field that is wrong.
 */
export function readCatalog(modelsDir: string): readonly CatalogEntry[] {
  const file = join(modelsDir, 'catalog.json');
  return readJsonFile(file, 'Reinstall Subtext to restore it.').list('models').map(toEntry);
}

/** What names a repository is one on the Hub; everything else comes with the catalogue. */
const toEntry = (fields: Fields): CatalogEntry =>
  fields.keys().includes('repository') ? toHubEntry(fields) : toBundledEntry(fields);

function toBundledEntry(fields: Fields): BundledEntry {
  const encoder = fields.object('heads').object('encoder');
  const outputs = encoder.object('outputs');
  const mask = fields.object('heads').optionalObject('mask');
  return {
    kind: 'bundled',
    id: fields.string('id'),
    revision: fields.string('revision'),
    title: fields.string('title'),
    bundled: fields.relativePath('bundled'),
    licence: fields.string('licence'),
    languages: fields.strings('languages'),
    limits: { maxTokens: fields.object('limits').positiveInteger('maxTokens', mostPositions) },
    leastScores: toRecommendedScores(fields.optionalObject('leastScores')),
    encoder: {
      graph: encoder.relativePath('graph'),
      outputs: {
        token: outputs.optionalString('token'),
        sequence: outputs.optionalString('sequence'),
        hidden: outputs.optionalString('hidden'),
      },
    },
    mask: mask && {
      graph: mask.relativePath('graph'),
      input: mask.string('input'),
      output: mask.string('output'),
    },
    files: fields
      .list('files')
      .map((one) => ({ path: one.relativePath('path'), sha256: one.sha256('sha256') })),
  };
}

function toRecommendedScores(fields: Fields | undefined): RecommendedScores | undefined {
  if (!fields) return undefined;
  const languages = fields.object('languages');
  return {
    types: toLeastScores(fields.object('types')),
    languages: Object.fromEntries(
      languages.keys().map((code) => [toLanguageCode(code), toLeastScores(languages.object(code))]),
    ),
  };
}

const toLeastScores = (fields: Fields): LeastScores =>
  Object.fromEntries(fields.keys().map((type) => [type, fields.probability(type)]));

function toHubEntry(fields: Fields): HubEntry {
  const tasks = fields.strings('tasks');
  const labels = fields.object('labels');
  const megabytes = fields.object('megabytes');
  const score = fields.optionalObject('score');
  return {
    kind: 'hub',
    id: fields.string('repository'),
    revision: fields.string('revision'),
    title: fields.string('title'),
    licence: fields.string('licence'),
    languages: fields.strings('languages'),
    tasks: tasks.map((task) => toTask(task, fields)),
    limits: { maxTokens: fields.object('limits').positiveInteger('maxTokens', mostPositions) },
    labels: Object.fromEntries(labels.keys().map((label) => [label, labels.nullableString(label)])),
    megabytes: Object.fromEntries(
      precisions.flatMap((precision) =>
        megabytes.keys().includes(precision)
          ? [[precision, megabytes.positiveInteger(precision, mostMegabytes)]]
          : [],
      ),
    ),
    score: score && { text: score.string('text'), source: score.string('source') },
    url: fields.string('url'),
    note: fields.optionalString('note'),
    files: fields.list('files').map((one) => ({
      path: one.relativePath('path'),
      bytes: one.index('bytes', mostFileBytes),
      sha256: one.sha256('sha256'),
    })),
  };
}

function toTask(name: string, fields: Fields): ModelTask {
  const task = modelTasks.find((one) => one === name);
  if (!task) throw fields.wrong('tasks', `must be of ${modelTasks.join(', ')}`);
  return task;
}
