import { createHash } from 'node:crypto';
import { createReadStream, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type ModelDescription, type ModelTask, modelTasks } from '../core/model';
import { EngineError } from '../core/ports';
import { regularFileProblem } from '../files/regularFile';
import { type BundledEntry, type HubEntry, readCatalog } from './catalog';
import { folderRevision } from './folderRevision';
import { chooseGraph, cpuPrecisions } from './graphFiles';
import { readJsonFile } from './jsonFile';
import {
  type Head,
  readHiddenSize,
  readLabels,
  readMaxTokens,
  readModelConfig,
  readPadTokenId,
  readProblemType,
  readSpecialToken,
  readVocabularySize,
  taskOfHead,
} from './modelConfig';
import { mostTokenizerBytes } from './modelLimits';
import type { ModelLocation } from './modelLocation';

/** The files of a model that are needed together: those of the mask head wait for its first use. */
export type ModelPart = 'encoder' | 'mask';

/** A model on disk. Paths of files are relative to `path` and use `/`. */
export interface ModelFolder {
  /** Absolute path. */
  readonly path: string;
  readonly description: ModelDescription;
  /** The encoder, with the heads that are part of its graph. */
  readonly graph: string;
  /** The output of each head; {@link mainOutput} where the layout does not name it. */
  readonly outputs: Readonly<Partial<Record<Head | 'hidden', string>>>;
  /** A masked-LM head of its own: `[places, hidden]` in, `[places, vocabulary]` out. */
  readonly maskGraph?:
    | { readonly graph: string; readonly input: string; readonly output: string }
    | undefined;
  /** Number of the first token's position, for graphs that ask for positions. */
  readonly firstPosition: number;
  /** Checksums of the files to be verified before they are used. */
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
}

/** The usual name of an output; stands for the first one where a graph has none of this name. */
export const mainOutput = 'logits';

const tokenizerConfigFiles = ['tokenizer_config.json', 'special_tokens_map.json'];
const smallFiles = ['config.json', ...tokenizerConfigFiles];
const tokenizerFile = 'tokenizer.json';
const reinstall = 'Reinstall Subtext to restore it.';

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
 * Reads config.json and the small files of the tokenizer: in the layout that the catalogue describes for a bundled
 * model, else in that of Hugging Face, with `onnx/model*.onnx` or `model*.onnx`.
 *
 * @throws EngineError saying which file or field is wrong and what to do.
 */
export const readModelFolder = (location: ModelLocation): ModelFolder =>
  location.entry?.kind === 'bundled'
    ? readBundledFolder(location, location.entry)
    : readHubFolder(location, location.entry);

/**
 * Compares the files of a part of the model with the checksums of the catalogue. Downloads were verified when they
 * came, and are too large to be read again at each start.
 *
 * @throws EngineError naming the first file that is missing, unreadable or damaged.
 */
export async function verifyFiles({ path, files, maskGraph }: ModelFolder, part: ModelPart): Promise<void> {
  // The graph of the mask head and what begins with its name (external data) are the mask part.
  const isMask = (file: string): boolean => maskGraph !== undefined && file.startsWith(maskGraph.graph);
  for (const file of files) {
    if (isMask(file.path) === (part === 'mask')) await verifyFile(join(path, file.path), file.sha256);
  }
}

function readBundledFolder({ path }: ModelLocation, entry: BundledEntry): ModelFolder {
  const config = readJsonFile(join(path, 'config.json'), reinstall);
  const tokenizerConfig = readJsonFile(join(path, 'tokenizer_config.json'), reinstall);
  const { token, sequence, hidden } = entry.encoder.outputs;
  const canDo: Readonly<Record<ModelTask, boolean>> = {
    entities: token !== undefined,
    sentiment: sequence !== undefined,
    fillMask: hidden !== undefined && entry.mask !== undefined,
  };
  return {
    path,
    graph: entry.encoder.graph,
    outputs: {
      ...(token !== undefined && { token }),
      ...(sequence !== undefined && { sequence }),
      ...(hidden !== undefined && { hidden }),
    },
    maskGraph: entry.mask,
    firstPosition: 0,
    files: entry.files,
    description: {
      id: entry.id,
      revision: entry.revision,
      tasks: modelTasks.filter((task) => canDo[task]),
      maxTokens: entry.limits.maxTokens,
      hiddenSize: readHiddenSize(config),
      vocabularySize: readVocabularySize(config),
      padTokenId: readPadTokenId(config),
      maskToken: tokenizerConfig.string('mask_token'),
      tokenLabels: token === undefined ? [] : readLabels(config),
      sentimentLabels: sequence === undefined ? [] : readLabels(config, 'sentiment_id2label'),
      sentimentProblem: readProblemType(config, 'sentiment_problem_type'),
      languages: entry.languages,
      leastScores: entry.leastScores,
    },
  };
}

function readHubFolder({ id, revision, path, precision }: ModelLocation, entry?: HubEntry): ModelFolder {
  const remedy =
    revision === ''
      ? 'It belongs into every folder with a model.'
      : 'Remove the model and download it again.';
  const read = (name: string) => readJsonFile(join(path, name), remedy);
  const paths = listFiles(path);
  const config = read('config.json');
  const { head, labels, ...known } = readModelConfig(config);
  if (!paths.includes(tokenizerFile)) {
    throw new EngineError(
      `${path} holds no ${tokenizerFile}. Save the tokenizer with a present version of Hugging Face transformers.`,
    );
  }
  const files = chooseGraph(paths, precision ? [precision] : cpuPrecisions);
  if (!files) {
    const kind = precision ? ` in ${precision}` : '';
    throw new EngineError(
      `${path} holds no ONNX graph${kind} such as onnx/model.onnx. Export the model to ONNX.`,
    );
  }
  requireFile(join(path, tokenizerFile), mostTokenizerBytes);
  for (const file of [files.graph, ...files.companions])
    requireFile(join(path, file), Number.POSITIVE_INFINITY);
  const tokenizerConfigs = tokenizerConfigFiles.filter((name) => paths.includes(name)).map(read);
  const [maskToken = ''] = tokenizerConfigs.flatMap((fields) => readSpecialToken(fields, 'mask_token') ?? []);
  if (head === 'vocabulary' && maskToken === '') {
    throw new EngineError(
      `${join(path, 'tokenizer_config.json')} names no "mask_token", so masks cannot be filled.`,
    );
  }
  const version =
    revision || folderRevision(path, [...smallFiles, tokenizerFile, files.graph, ...files.companions]);
  return {
    path,
    graph: files.graph,
    outputs: { [head]: mainOutput },
    firstPosition: known.firstPosition,
    files: [],
    description: {
      id,
      // Results of different precisions differ a little, so they are kept apart where one was asked for.
      revision: precision ? `${version} ${precision}` : version,
      tasks: [taskOfHead(head)],
      maxTokens: Math.min(
        readMaxTokens(config, tokenizerConfigs),
        entry?.limits.maxTokens ?? Number.POSITIVE_INFINITY,
      ),
      hiddenSize: known.hiddenSize,
      vocabularySize: known.vocabularySize,
      padTokenId: known.padTokenId,
      maskToken,
      tokenLabels: head === 'token' ? labels.map((label) => renameType(label, entry)) : [],
      sentimentLabels: head === 'sequence' ? labels.map((label) => entry?.labels[label] ?? label) : [],
      sentimentProblem: known.problemType,
      languages: entry?.languages,
    },
  };
}

/** @throws EngineError where a process that reads it would wait or read for ever. */
function requireFile(file: string, mostBytes: number): void {
  const problem = regularFileProblem(file, mostBytes);
  if (problem !== undefined) throw new EngineError(`${file} ${problem}.`);
}

/** The catalogue's name of a label's type, its prefix kept; a type that is not to be shown becomes `O`. */
function renameType(label: string, entry: HubEntry | undefined): string {
  const [, prefix = '', type = label] = /^([BIESLU]-)?(.*)$/su.exec(label) ?? [];
  const name = entry?.labels[type];
  return name === null ? 'O' : prefix + (name ?? type);
}

/** Files of the folder and of `onnx` in it. @throws EngineError where there is no such folder. */
function listFiles(path: string): readonly string[] {
  try {
    const entries = readdirSync(path);
    const graphs = entries.includes('onnx') ? readdirSync(join(path, 'onnx')) : [];
    return [...entries, ...graphs.map((name) => `onnx/${name}`)];
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new EngineError(`The model folder ${path} cannot be read (${code}).`);
  }
}

async function verifyFile(file: string, sha256: string): Promise<void> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(file), hash);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    const what = code === 'ENOENT' ? 'is missing' : `cannot be read (${code})`;
    throw new EngineError(`The model file ${file} ${what}. ${reinstall}`);
  }
  if (hash.digest('hex') !== sha256) {
    throw new EngineError(`The model file ${file} is damaged. ${reinstall}`);
  }
}
