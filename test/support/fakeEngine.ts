import { bundledModelId, type ModelDescription } from '../../server/src/core/model';
import { EngineError, type WordOptions } from '../../server/src/core/ports';
import type {
  MaskPrediction,
  SentenceAnalysis,
  TokenInspection,
  WordCandidate,
} from '../../server/src/core/tasks/results';
import type { EngineState, SupervisedEngine } from '../../server/src/inference/supervisedEngine';
import type { ModelLocation } from '../../server/src/models/modelLocation';

export const fakeModel: ModelDescription = {
  id: 'fake',
  revision: '1',
  tasks: ['entities', 'sentiment', 'fillMask'],
  maxTokens: 128,
  hiddenSize: 1,
  vocabularySize: 1,
  padTokenId: 0,
  maskToken: '[MASK]',
  tokenLabels: ['O', 'B-PER', 'I-PER', 'B-LOC', 'I-LOC'],
  sentimentLabels: ['negative', 'neutral', 'positive'],
};

export const fakeLocation: ModelLocation = { id: 'fake', revision: '1', path: '/models/fake' };

const names: Readonly<Record<string, string>> = { Ada: 'PER', Berlin: 'LOC', 巴黎: 'LOC', باريس: 'LOC' };

const maskWords = ['##ing', '[UNK]', 'city', 'capital', '.', 'town'];

/** A name dictionary, and words that decide the sentiment: results that a test can read off the text. */
export function analyzeFake(sentence: string): SentenceAnalysis {
  const mentions = Object.entries(names).flatMap(([name, type]) =>
    [...sentence.matchAll(new RegExp(name, 'gu'))].map(({ index }) => ({
      start: index,
      end: index + name.length,
      type,
      score: sentence.includes('maybe') ? 0.5 : 0.9,
    })),
  );
  mentions.sort((a, b) => a.start - b.start);
  const sentiment = /terrible/u.test(sentence)
    ? [0.96, 0.03, 0.01]
    : /lovely/u.test(sentence)
      ? [0.01, 0.04, 0.95]
      : [0.1, 0.8, 0.1];
  return { mentions, sentiment };
}

/** An engine without a model. Counts what it is asked, and answers only when let, if a test wants that. */
export class FakeEngine implements SupervisedEngine {
  /** Every request for analyses, as it came. */
  readonly requests: (readonly string[])[] = [];
  /** Every text in which words were asked for. */
  readonly fillRequests: string[] = [];
  /** Called after every request that came. */
  onRequest: () => void = () => {};
  /** What it says of a sentence. */
  analyzeSentence: (sentence: string) => SentenceAnalysis = analyzeFake;
  /** Set to let requests wait until {@link release}. */
  isHeld = false;
  /** How often it was started anew. */
  restarts = 0;
  readonly #held: (() => void)[] = [];
  readonly #listeners = new Set<(state: EngineState) => void>();
  readonly #model: string;

  constructor(model: string = bundledModelId) {
    this.#model = model;
  }

  async analyze(sentences: readonly string[]): Promise<readonly SentenceAnalysis[]> {
    this.requests.push(sentences);
    this.onRequest();
    if (this.isHeld) await new Promise<void>((resolve) => this.#held.push(resolve));
    if (sentences.some((sentence) => sentence.includes('poison'))) throw new EngineError('Poisoned.');
    return sentences.map(this.analyzeSentence);
  }

  async fillMask(text: string, { topK }: { readonly topK: number }): Promise<readonly MaskPrediction[]> {
    return [...text.matchAll(/\[MASK\]/gu)].map(({ index }) => ({
      mask: { start: index, end: index + '[MASK]'.length },
      candidates: maskWords.slice(0, topK).map((token, tokenId) => ({
        tokenId,
        token,
        text: token.replace('##', ''),
        score: 0.5 / (tokenId + 1),
      })),
    }));
  }

  async fillWords(
    text: string,
    { masks, topK, words = ['city', 'capital', '.', 'town'] }: WordOptions,
  ): Promise<readonly WordCandidate[]> {
    this.fillRequests.push(text);
    const wanted = words.filter((word) => masks.every(({ prefix = '' }) => word.startsWith(prefix)));
    return wanted
      .slice(0, topK)
      .map((word, i) => ({ texts: masks.map(() => word), score: 0.5 / (i + 3), pieces: masks.length }));
  }

  /** Every word and every other character is a token; what is not ASCII is unknown. */
  async inspect(text: string): Promise<TokenInspection> {
    const found = [...text.matchAll(/\w+|[^\w\s]/gu)];
    return {
      tokens: found.map(({ 0: token, index }, i) => ({
        id: i + 1,
        token,
        start: index,
        end: index + token.length,
        word: i,
        isSpecial: false,
        isUnknown: token.charCodeAt(0) > 0x7f,
        labels: [{ label: names[token] ? `B-${names[token]}` : 'O', score: 0.9 }],
      })),
      windows: [{ start: 0, end: found.length }],
      sentiment: analyzeFake(text).sentiment,
    };
  }

  /** Answers what waits, oldest first. */
  release(count = Number.POSITIVE_INFINITY): void {
    for (const resolve of this.#held.splice(0, count)) resolve();
  }

  start(): void {
    this.#tell('ready');
  }

  setThreads(): void {}

  onState(listener: (state: EngineState) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  async restart(): Promise<void> {
    this.restarts++;
    this.#tell('starting');
    this.#tell('ready');
  }

  async dispose(): Promise<void> {
    this.#listeners.clear();
  }

  killNow(): void {}

  #tell(status: EngineState['status']): void {
    for (const listener of this.#listeners) listener({ status, model: this.#model, device: 'cpu' });
  }
}
