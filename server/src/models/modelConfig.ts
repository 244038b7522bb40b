import { defaultBatchTokens } from '../core/batches';
import type { ModelTask } from '../core/model';
import { EngineError } from '../core/ports';
import type { ProblemType } from '../core/tasks/textClassification';
import type { Fields } from './fields';
import { mostHiddenSize, mostLabels, mostPositions, mostVocabulary } from './modelLimits';

/*
 * Reads config.json and tokenizer_config.json as Hugging Face transformers writes them; where they are silent, its
 * defaults hold.
 */

/** What stands on the encoder: labels a token, labels a text, or the vocabulary a token. */
export type Head = 'token' | 'sequence' | 'vocabulary';

const headOf: Readonly<Record<string, Head>> = {
  ForTokenClassification: 'token',
  ForSequenceClassification: 'sequence',
  ForMaskedLM: 'vocabulary',
};
const taskOf: Readonly<Record<Head, ModelTask>> = {
  token: 'entities',
  sequence: 'sentiment',
  vocabulary: 'fillMask',
};
const otherUses: Readonly<Record<string, string>> = {
  ForQuestionAnswering: 'question answering',
  ForMultipleChoice: 'multiple choice',
  ForNextSentencePrediction: 'telling which sentence follows',
  ForCausalLM: 'writing text',
  LMHeadModel: 'writing text',
  ForConditionalGeneration: 'translating and summarizing',
  Model: 'embeddings',
};

/** Their embeddings of positions begin behind the one for padding. */
const positionsAfterPadding: ReadonlySet<string> = new Set([
  ...[
    'roberta',
    'camembert',
    'xlm-roberta',
    'xlm-roberta-xl',
    'roberta-prelayernorm',
    'mpnet',
    'data2vec-text',
  ],
]);
/** Windows shorter than that have no room for a sentence: a limit below is a mistake. */
const fewestTokens = 8;

/** A model that is right, but for something that Subtext does not do. */
export class OtherUseError extends EngineError {}

/** What the configuration says of a model, whatever it comes with. */
export interface ModelConfig {
  readonly head: Head;
  readonly hiddenSize: number;
  readonly vocabularySize: number;
  readonly padTokenId: number;
  /** Number of the position of the first token. */
  readonly firstPosition: number;
  /** Of tokens or texts; none where the head gives the vocabulary. */
  readonly labels: readonly string[];
  readonly problemType: ProblemType | undefined;
}

/**
 * @throws OtherUseError where Subtext has no use for the model.
 * @throws EngineError naming the field that is wrong.
 */
export function readModelConfig(config: Fields): ModelConfig {
  const head = readHead(config);
  return {
    head,
    hiddenSize: readHiddenSize(config),
    vocabularySize: readVocabularySize(config),
    padTokenId: readPadTokenId(config),
    firstPosition: readFirstPosition(config),
    labels: head === 'vocabulary' ? [] : readLabels(config),
    problemType: readProblemType(config),
  };
}

/** @throws OtherUseError naming what the model is for. */
function readHead(config: Fields): Head {
  const architectures = config.has('architectures') ? config.strings('architectures') : [];
  for (const [suffix, head] of Object.entries(headOf)) {
    if (architectures.some((name) => name.endsWith(suffix))) return head;
  }
  const [name = 'empty'] = architectures;
  const use = Object.entries(otherUses).find(([suffix]) => name.endsWith(suffix))?.[1];
  const { message } = config.wrong(
    'architectures',
    `is ${name}${use === undefined ? '' : `, a model for ${use}`}; Subtext needs one that ends with ` +
      Object.entries(headOf)
        .map(([suffix, head]) => `${suffix} (${taskOf[head]})`)
        .join(', '),
  );
  throw new OtherUseError(message);
}

export const taskOfHead = (head: Head): ModelTask => taskOf[head];

export const readHiddenSize = (config: Fields): number =>
  config.positiveInteger(
    ['dim', 'd_model'].find((name) => config.has(name) && !config.has('hidden_size')) ?? 'hidden_size',
    mostHiddenSize,
  );

export const readVocabularySize = (config: Fields): number =>
  config.positiveInteger('vocab_size', mostVocabulary);

export function readPadTokenId(config: Fields): number {
  if (config.has('pad_token_id')) return config.index('pad_token_id', mostVocabulary);
  return startsAfterPadding(config) ? 1 : 0;
}

const readFirstPosition = (config: Fields): number =>
  startsAfterPadding(config) ? readPadTokenId(config) + 1 : 0;

/**
 * Most tokens in a window: what the embeddings of positions and the tokenizer allow (which says 1e30 where it has no
 * limit), and no more than fit into a batch, because what is longer holds up everything else.
 */
export function readMaxTokens(config: Fields, tokenizerConfigs: readonly Fields[]): number {
  const limits = [
    ...(config.has('max_position_embeddings')
      ? [config.positiveInteger('max_position_embeddings', mostPositions) - readFirstPosition(config)]
      : []),
    ...tokenizerConfigs
      .filter((fields) => fields.has('model_max_length'))
      .map((fields) => fields.positiveNumber('model_max_length')),
  ];
  const maxTokens = Math.floor(Math.min(...limits, defaultBatchTokens));
  if (maxTokens >= fewestTokens) return maxTokens;
  throw config.wrong('max_position_embeddings', `leaves no room for text: ${maxTokens} tokens`);
}

/** Labels in the order of their ids, which must be 0, 1, 2, … and may come in any order. */
export function readLabels(config: Fields, name = 'id2label'): readonly string[] {
  if (!config.has(name)) {
    const count = config.has('num_labels') ? config.positiveInteger('num_labels', mostLabels) : 2;
    return Array.from({ length: count }, (_, id) => `LABEL_${id}`);
  }
  const labels = config.object(name);
  const ids = labels.keys();
  if (ids.length > mostLabels)
    throw config.wrong(name, `has more than ${mostLabels.toLocaleString('en')} labels`);
  return ids.map((_, id) => labels.string(String(id)));
}

export function readProblemType(config: Fields, name = 'problem_type'): ProblemType | undefined {
  if (!config.has(name)) return undefined;
  const type = config.string(name);
  switch (type) {
    case 'regression':
    case 'single_label_classification':
    case 'multi_label_classification':
      return type;
    default:
      throw config.wrong(name, `is not known: ${type}`);
  }
}

/** A token like `[MASK]`, written as it is or as an object with its `content`; undefined where there is none. */
export function readSpecialToken(tokenizerConfig: Fields, name: string): string | undefined {
  if (!tokenizerConfig.has(name)) return undefined;
  if (typeof tokenizerConfig.value(name) === 'string') return tokenizerConfig.string(name);
  return tokenizerConfig.object(name).string('content');
}

const startsAfterPadding = (config: Fields): boolean =>
  config.has('model_type') && positionsAfterPadding.has(config.string('model_type'));
