import { join } from 'node:path';
import { defaultBatchTokens } from '../../../server/src/core/batches';
import { bundledModelId } from '../../../server/src/core/model';
import { bundledLocation } from '../../../server/src/models/modelFolder';
import { root } from '../../support/paths';
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
import { Contest } from './contest';
import { median } from './statistics';

/** Those tried for transformers.js; the fastest counts. */
const batchSizes = [1, 8, 32] as const;

/** All contenders with one number of threads. */
export class ContenderField {
  readonly #contest: Contest;
  readonly #bare: Contender;
  readonly #host: Contender;
  readonly #server: Contender;
  readonly #entities: readonly Contender[];
  readonly #both: readonly Contender[];
  readonly #stop: readonly (() => Promise<void>)[];

  private constructor(
    sentences: number,
    {
      bare,
      host,
      server,
      peer,
    }: Readonly<Record<'bare' | 'peer', Worker>> & Readonly<Record<'host' | 'server', Contender>>,
  ) {
    this.#bare = bare.contender('onnxruntime, bare', { batchTokens: defaultBatchTokens });
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
    this.#contest = new Contest(sentences, this.#all());
  }

  static async start(
    text: string,
    sentences: readonly string[],
    models: PeerModels,
    threads: number,
  ): Promise<ContenderField> {
    const location = bundledLocation(join(root, 'models'), bundledModelId);
    return new ContenderField(sentences.length, {
      bare: await startBare({ sentences, threads, location }),
      host: startHost({ sentences, threads, location }).entities,
      server: serverContender(text, threads),
      peer: await startTransformersJs({ sentences, threads, models }),
    });
  }

  /** One round: everyone once. */
  run(isCounted: boolean): Promise<void> {
    return this.#contest.run(isCounted);
  }

  async stop(): Promise<void> {
    for (const stop of this.#stop) await stop();
  }

  figures(): readonly Figure[] {
    const [server, bare, contest] = [this.#server, this.#bare, this.#contest];
    const ratio = (name: string, a: Contender, b: Contender, atLeast?: number): Figure => ({
      name,
      value: contest.ratio(a, b),
      unit: '×',
      ...(atLeast !== undefined && { aim: { atLeast } }),
    });
    return [
      ...this.#all().map((one) => ({ name: one.name, value: median(contest.speeds(one)), unit: '/s' })),
      ratio('server / bare', server, bare, 0.9),
      ratio('inference host / bare', this.#host, bare),
      ratio('server / transformers.js, entities', server, contest.fastest(this.#entities), 1.5),
      ratio('server / transformers.js, entities + sentiment', server, contest.fastest(this.#both), 1.5),
    ];
  }

  #all(): readonly Contender[] {
    return [this.#bare, this.#host, this.#server, ...this.#entities, ...this.#both];
  }
}
