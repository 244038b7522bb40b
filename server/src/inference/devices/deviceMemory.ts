import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type DeviceName, deviceNames } from '../../core/device';
import { type Precision, precisions } from '../../core/model';
import type { Logger } from '../../core/ports';

/** What was found out about a model on this machine. */
export interface DeviceChoice {
  readonly device: DeviceName;
  /** The graph file to use; absent: the model has one only, or the location names it. */
  readonly precision?: Precision;
  /** Why it is not the device that was asked for, for a person. */
  readonly message?: string;
}

/** Format of the file; answers of another are of no use. */
const version = 1;
/** Answers for models, drivers and versions that are gone make room for new ones. */
const mostAnswers = 100;

/** Remembers answers in a file, so that devices are tried once and not at every start. */
export class DeviceMemory {
  readonly #file: string;
  readonly #logger: Logger;

  constructor(file: string, logger: Logger) {
    this.#file = file;
    this.#logger = logger;
  }

  get(key: string): DeviceChoice | undefined {
    return this.#read().get(key);
  }

  /** Other windows write, too: what they wrote meanwhile is kept, but for the same moment. */
  set(key: string, choice: DeviceChoice): void {
    const answers = this.#read();
    answers.delete(key);
    answers.set(key, choice);
    const text = JSON.stringify({ version, answers: Object.fromEntries([...answers].slice(-mostAnswers)) });
    const draft = `${this.#file}.${process.pid}`;
    try {
      mkdirSync(dirname(this.#file), { recursive: true });
      writeFileSync(draft, text);
      renameSync(draft, this.#file);
    } catch (error) {
      this.#logger.warn(`The answer of a device cannot be kept in ${this.#file}. ${String(error)}`);
    }
  }

  clear(): void {
    rmSync(this.#file, { force: true });
  }

  /** A file that is not there or makes no sense holds no answers: devices are tried again. */
  #read(): Map<string, DeviceChoice> {
    try {
      const content: unknown = JSON.parse(readFileSync(this.#file, 'utf8'));
      if (!isRecord(content) || content['version'] !== version || !isRecord(content['answers'])) {
        return new Map();
      }
      return new Map(
        Object.entries(content['answers']).flatMap(([key, answer]) =>
          isChoice(answer) ? [[key, answer] as const] : [],
        ),
      );
    } catch {
      return new Map();
    }
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isChoice = (value: unknown): value is DeviceChoice =>
  isRecord(value) &&
  deviceNames.some((name) => name === value['device']) &&
  (value['precision'] === undefined || precisions.some((name) => name === value['precision'])) &&
  (value['message'] === undefined || typeof value['message'] === 'string');
