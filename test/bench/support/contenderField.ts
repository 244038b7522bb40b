import type { Figure } from './bench';
import {
  type Contender,
  type PeerModels,
  serverContender,
  startBare,
  startHost,
  startTransformersJs,
  type Worker,
} from './contenders';
import { median } from './statistics';

/** Those tried for transformers.js; the fastest counts. */
const batchSizes = [1, 8, 32] as const;

/** All contenders with one number of threads. They take turns, so that the machine's moods hit all alike. */
export class ContenderField {
  readonly #sentences: number;
  readonly #bare: Contender;
  readonly #host: Contender;
  readonly #server: Contender;
  readonly #entities: readonly Contender[];
  readonly #both: readonly Contender[];
  readonly #stop: readonly (() => Promise<void>)[];
  /** Sentences a second, by round. */
  readonly #speeds = new Map<Contender, number[]>();

  private constructor(
    sentences: number,
    {
      bare,
      host,
      server,
      peer,
    }: Readonly<Record<'bare' | 'peer', Worker>> & Readonly<Record<'host' | 'server', Contender>>,
  ) {
    this.#sentences = sentences;
    this.#bare = bare.contender('onnxruntime, bare', {});
    this.#host = host;
    this.#server = server;
    this.#entities = batchSizes.map((batchSize) =>
      peer.contender(`transformers.js, entities, batches of ${batchSize}`, { task: 'entities', batchSize }),
    );
    this.#both = batchSizes.map((batchSize) =>
      peer.contender(`transformers.js, entities + sentiment, batches of ${batchSize}`, {
        task: 'both',
        batchSize,
      }),
    );
    this.#stop = [bare, host, peer].map((one) => () => one.stop());
  }

  static async start(
    text: string,
    sentences: readonly string[],
    models: PeerModels,
    threads: number,
  ): Promise<ContenderField> {
    return new ContenderField(sentences.length, {
      bare: await startBare({ sentences, threads }),
      host: await startHost({ sentences, threads }),
      server: serverContender(text, threads),
      peer: await startTransformersJs({ sentences, threads, models }),
    });
  }

  /** One round: everyone once. */
  async run(isCounted: boolean): Promise<void> {
    for (const contender of this.#all()) {
      const milliseconds = await contender.run();
      if (!isCounted) continue;
      const speed = (this.#sentences / milliseconds) * 1_000;
      this.#speeds.set(contender, [...(this.#speeds.get(contender) ?? []), speed]);
    }
  }

  async stop(): Promise<void> {
    for (const stop of this.#stop) await stop();
  }

  figures(): readonly Figure[] {
    const [server, bare] = [this.#server, this.#bare];
    const ratio = (name: string, a: Contender, b: Contender, atLeast?: number): Figure => ({
      name,
      value: this.#ratio(a, b),
      unit: '×',
      ...(atLeast !== undefined && { aim: { atLeast } }),
    });
    return [
      ...this.#all().map((one) => ({ name: one.name, value: median(this.#speedsOf(one)), unit: '/s' })),
      ratio('server / bare', server, bare, 0.9),
      ratio('inference host / bare', this.#host, bare),
      ratio('server / transformers.js, entities', server, this.#fastest(this.#entities), 1.5),
      ratio('server / transformers.js, entities + sentiment', server, this.#fastest(this.#both), 1.5),
    ];
  }

  #all(): readonly Contender[] {
    return [this.#bare, this.#host, this.#server, ...this.#entities, ...this.#both];
  }

  #speedsOf(contender: Contender): readonly number[] {
    return this.#speeds.get(contender) ?? [];
  }

  #fastest(contenders: readonly Contender[]): Contender {
    return contenders.reduce((best, one) =>
      median(this.#speedsOf(one)) > median(this.#speedsOf(best)) ? one : best,
    );
  }

  /** The median of the ratios within each round. */
  #ratio(a: Contender, b: Contender): number {
    const divisors = this.#speedsOf(b);
    return median(this.#speedsOf(a).map((speed, round) => speed / (divisors[round] ?? Number.NaN)));
  }
}
