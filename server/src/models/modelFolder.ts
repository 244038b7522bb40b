import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type ModelDescription, type ModelTask, modelTasks } from '../core/model';
import { EngineError } from '../core/ports';
import type { ProblemType } from '../core/tasks/textClassification';
import { type BundledEntry, readCatalog, readJson } from './catalog';
import type { Fields } from './fields';
import type { ModelLocation } from './modelLocation';

/** The files of a model that are needed together: those of the mask head wait for its first use. */
export type ModelPart = 'encoder' | 'mask';

/** A model on disk. */
export interface ModelFolder {
  /** Absolute path. */
  readonly path: string;
  readonly entry: BundledEntry;
  readonly description: ModelDescription;
}

/**
 * What the server has to know of a model; reads small files only.
 *
 * @throws EngineError saying which file or field is wrong and what to do.
 */
export const describeModel = (location: ModelLocation): ModelDescription =>
  readModelFolder(location).description;

/**
 * Where a model of the catalogue lies that comes with it.
 *
 * @throws EngineError when the catalogue does not name it.
 */
export function bundledLocation(modelsDir: string, id: string): ModelLocation {
  const entry = readCatalog(modelsDir).find((candidate) => candidate.id === id);
  if (entry?.kind !== 'bundled') {
    throw new EngineError(`${join(modelsDir, 'catalog.json')} has no model "${id}".`);
  }
  return { id, revision: entry.revision, path: join(modelsDir, entry.bundled), entry };
}

/**
 * Reads the catalogue entry, config.json and tokenizer_config.json of a model.
 *
 * @throws EngineError saying which file or field is wrong and what to do.
 */
export function readModelFolder({ path, entry }: ModelLocation): ModelFolder {
  if (entry?.kind !== 'bundled') throw new EngineError(`${path} is not a bundled model.`);
  const config = readJson(join(path, 'config.json'));
  const tokenizerConfig = readJson(join(path, 'tokenizer_config.json'));
  const { outputs } = entry.encoder;
  return {
    path,
    entry,
    description: {
      id: entry.id,
      revision: entry.revision,
      tasks: modelTasks.filter((task) => canDo(task, entry)),
      maxTokens: entry.limits.maxTokens,
      hiddenSize: config.positiveInteger('hidden_size'),
      vocabularySize: config.positiveInteger('vocab_size'),
      padTokenId: config.index('pad_token_id'),
      maskToken: tokenizerConfig.string('mask_token'),
      tokenLabels: outputs.token === undefined ? [] : toLabels(config.object('id2label')),
      sentimentLabels: outputs.sequence === undefined ? [] : toLabels(config.object('sentiment_id2label')),
      sentimentProblem: toProblemType(config.optionalString('sentiment_problem_type')),
    },
  };
}

function canDo(task: ModelTask, { encoder: { outputs }, mask }: BundledEntry): boolean {
  switch (task) {
    case 'entities':
      return outputs.token !== undefined;
    case 'sentiment':
      return outputs.sequence !== undefined;
    case 'fillMask':
      return outputs.hidden !== undefined && mask !== undefined;
  }
}

/**
 * Compares the files of a part of the model with the checksums of the catalogue.
 *
 * @throws EngineError naming the first file that is missing, unreadable or damaged.
 */
export async function verifyFiles({ path, entry }: ModelFolder, part: ModelPart): Promise<void> {
  for (const file of entry.files) {
    if (partOf(file.path, entry) === part) await verifyFile(join(path, file.path), file.sha256);
  }
}

/** The graph of the mask head and what begins with its name (external data) are the mask part. */
function partOf(file: string, entry: BundledEntry): ModelPart {
  return entry.mask && file.startsWith(entry.mask.graph) ? 'mask' : 'encoder';
}

async function verifyFile(file: string, sha256: string): Promise<void> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(file), hash);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    const what = code === 'ENOENT' ? 'is missing' : `cannot be read (${code})`;
    throw new EngineError(`The model file ${file} ${what}. Reinstall Subtext to restore it.`);
  }
  if (hash.digest('hex') !== sha256) {
    throw new EngineError(`The model file ${file} is damaged. Reinstall Subtext to restore it.`);
  }
}

/** Labels in the order of their ids, which must be 0, 1, 2, … */
const toLabels = (id2label: Fields): readonly string[] =>
  id2label.keys().map((_, id) => id2label.string(String(id)));

function toProblemType(name: string | undefined): ProblemType | undefined {
  switch (name) {
    case undefined:
    case 'regression':
    case 'single_label_classification':
    case 'multi_label_classification':
      return name;
    default:
      throw new EngineError(`config.json: "sentiment_problem_type" is not known: ${name}.`);
  }
}
