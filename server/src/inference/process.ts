import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { batchTokensFor, gpuBatchTokens } from '../core/batches';
import { Engine } from '../core/engine';
import type { Steps } from '../core/engineParts';
import { EngineError, type Logger, type Priority } from '../core/ports';
import { readModelFolder, verifyFiles } from '../models/modelFolder';
import { prefersFewShapes } from './devices/devices';
import { probeModel } from './devices/probeModel';
import type { FromInference, LoadMessage, ProbeMessage, RequestMessage, ToInference } from './messages';
import { loadNativeLibraries } from './nativeLibraries';
import { WorkQueue } from './workQueue';

/*
 * The inference process: tokenizer, onnxruntime and decoder, because onnxruntime blocks its thread and cannot
 * be interrupted. Killing this process at any time does no harm. It ends when its parent does.
 */

function send(message: FromInference): void {
  // The channel closes when the parent dies; `disconnect` then ends this process.
  if (process.connected) process.send?.(message);
}

const logger: Logger = {
  info: (text) => send({ type: 'log', level: 'info', message: text }),
  warn: (text) => send({ type: 'log', level: 'warn', message: text }),
  error: (text) => send({ type: 'log', level: 'error', message: text }),
};

const queue = new WorkQueue({
  now: () => performance.now(),
  working: (id) => send({ type: 'working', id }),
  pause: () => nextTurn(),
});

/** Begun at once, since it takes a while. */
const libraries = loadNativeLibraries();
libraries.catch(() => {});

let engine: Promise<Engine> | undefined;

function receive(message: ToInference): void {
  switch (message.type) {
    case 'load':
      engine = load(message);
      engine.catch(failToLoad);
      break;
    case 'probe':
      probe(message).catch(failToLoad);
      break;
    case 'analyze':
    case 'fillMask':
    case 'fillWords':
    case 'inspect':
      // A failed load is told once, by `loadFailed`.
      engine?.then((loaded) => enqueue(loaded, message)).catch(() => {});
      break;
    case 'cancel':
      // After the requests that came before it, which wait for the model.
      engine?.then(() => queue.cancel(message.id)).catch(() => {});
      break;
    case 'shutdown':
      process.exit(0);
  }
}

async function read({
  location,
  threads,
  device = 'cpu',
  stateDir,
  exactProducts,
}: LoadMessage | ProbeMessage) {
  const { NativeTokenizer, createRunner, findWeightSign } = await libraries;
  const folder = readModelFolder(location);
  await verifyFiles(folder, 'encoder');
  const tokenizer = await NativeTokenizer.fromFile(join(folder.path, 'tokenizer.json'));
  const runner = await createRunner(folder, { threads, device, exactProducts, stateDir, logger });
  const weightSign = await findWeightSign({ threads, device }, logger);
  const shapes = {
    batchTokens: device === 'cpu' ? batchTokensFor(threads, runner.description.hiddenSize) : gpuBatchTokens,
    roundShapes: prefersFewShapes(device),
  };
  return { description: runner.description, tokenizer, runner, weightSign, shapes };
}

async function load(message: LoadMessage): Promise<Engine> {
  const { description, tokenizer, runner, shapes } = await read(message);
  send({ type: 'loaded', device: runner.device });
  return new Engine(description, tokenizer, runner, { ...shapes, logger });
}

async function probe(message: ProbeMessage): Promise<void> {
  const start = performance.now();
  const { description: model, tokenizer, runner, weightSign, shapes } = await read(message);
  const loadMilliseconds = performance.now() - start;
  const result = await probeModel({ model, tokenizer, runner, shapes, now: () => performance.now() });
  send({ type: 'probed', loadMilliseconds, weightSign, ...result });
}

/** Only what the author of an error meant for users is passed on as it is. */
function toUserMessage(error: unknown): string {
  if (error instanceof EngineError) return error.message;
  return `The model could not be run: ${error instanceof Error ? error.message : String(error)}`;
}

function failToLoad(error: unknown): void {
  process.send?.({ type: 'loadFailed', message: toUserMessage(error) } satisfies FromInference, () =>
    process.exit(1),
  );
}

function enqueue(loaded: Engine, request: RequestMessage): void {
  const { id } = request;
  const failed = (error: unknown): void =>
    send({
      type: 'requestFailed',
      id,
      inRuntime: !(error instanceof EngineError),
      message: toUserMessage(error),
    });
  const answer = <T>(steps: Steps<T>, priority: Priority, done: (result: T, milliseconds: number) => void) =>
    queue.add({ id, priority, steps, done, failed });
  switch (request.type) {
    case 'analyze':
      answer(loaded.analyzeSteps(request.sentences, request), request.priority, (results, milliseconds) =>
        send({ type: 'analyzed', id, results, milliseconds }),
      );
      break;
    case 'fillMask': {
      const { text, topK, targets } = request;
      const steps = loaded.fillMaskSteps(text, targets ? { topK, targets } : { topK });
      answer(steps, 'interactive', (predictions) => send({ type: 'filled', id, predictions }));
      break;
    }
    case 'fillWords':
      answer(loaded.fillWordsSteps(request.text, request), 'interactive', (candidates) =>
        send({ type: 'wordsFilled', id, candidates }),
      );
      break;
    case 'inspect':
      answer(loaded.inspectSteps(request.text), 'interactive', (inspection) =>
        send({ type: 'inspected', id, inspection }),
      );
  }
}

process.on('message', receive);
process.on('disconnect', () => process.exit(0));
// Ctrl+C in a terminal goes to the whole group; the parent decides when this process ends.
process.on('SIGINT', () => {});
