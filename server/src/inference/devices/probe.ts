import type { Clock } from '../../core/ports';
import type { InferenceChild, StartChild } from '../childProcess';
import type { ProbedMessage, ProbeMessage } from '../messages';

/** A large model is read from a slow disk and run a few times within this; a driver may hang for ever. */
const probeMinutes = 2;

export type ProbeOutcome =
  | ({ readonly status: 'ok' } & Omit<ProbedMessage, 'type'>)
  /** The process said why it cannot, or it died or was silent. The message is for a person. */
  | { readonly status: 'unavailable' | 'crashed'; readonly message: string };

/**
 * Tries a model on a device in a process of its own, which is gone afterwards: a driver may take it along.
 *
 * @param signal ends the process; the promise is rejected with the signal's reason.
 */
export function runProbe(
  startChild: StartChild,
  request: Omit<ProbeMessage, 'type'>,
  clock: Clock,
  signal?: AbortSignal,
): Promise<ProbeOutcome> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    let isOver = false;
    const end = (settle: () => void): void => {
      if (isOver) return;
      isOver = true;
      timer.cancel();
      signal?.removeEventListener('abort', abort);
      settle();
      child.kill();
    };
    const finish = (outcome: ProbeOutcome): void => end(() => resolve(outcome));
    const abort = (): void => end(() => reject(signal?.reason));
    const timer = clock.setTimeout(
      () => finish({ status: 'crashed', message: `It gave no answer within ${probeMinutes} minutes.` }),
      probeMinutes * 60_000,
    );
    const child: InferenceChild = startChild({
      message: (message) => {
        if (message.type === 'probed') {
          const { type: _, ...result } = message;
          finish({ status: 'ok', ...result });
        } else if (message.type === 'loadFailed') {
          finish({ status: 'unavailable', message: message.message });
        }
      },
      // What drivers print helps nobody; a failure is told by a message or by the exit.
      output: () => {},
      exit: (how) => finish({ status: 'crashed', message: `The process that tried it ended (${how}).` }),
    });
    signal?.addEventListener('abort', abort);
    child.send({ type: 'probe', ...request });
  });
}
