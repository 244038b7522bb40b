import { EngineError } from '../core/ports';

/** A download that failed; the message says why and what to do. */
export class HubError extends EngineError {
  /** Whether the same may go well when it is tried again: the network failed, or the Hub was busy. */
  readonly retry: boolean;
  /** How long the Hub asked to wait before that. */
  readonly retryAfterSeconds: number | undefined;

  constructor(message: string, retry: boolean, retryAfterSeconds?: number) {
    super(message);
    this.retry = retry;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
