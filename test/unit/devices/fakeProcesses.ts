import type { DeviceName } from '../../../server/src/core/device';
import type { ChildListener, InferenceChild, StartChild } from '../../../server/src/inference/childProcess';
import type { FromInference, ProbeMessage, ToInference } from '../../../server/src/inference/messages';

/** What a process does when it is told to try a model. */
export type Probe =
  | { readonly tokensPerSecond: number; readonly probabilities: readonly number[] }
  | 'crash'
  | 'hang'
  | { readonly failure: string };

export const probed = (tokensPerSecond: number, ...probabilities: readonly number[]): Probe => ({
  tokensPerSecond,
  probabilities,
});

/** Processes that answer probes as a test wants, and are silent otherwise. */
export class FakeProcesses {
  /** `device` or `device precision` of every probe, in order. */
  readonly probes: string[] = [];
  readonly killed: string[] = [];
  readonly children: { readonly listener: ChildListener; readonly received: ToInference[] }[] = [];
  readonly #answers: Readonly<Record<string, Probe>>;

  /** @param answers by what `probes` has; `hang` where there is none. */
  constructor(answers: Readonly<Record<string, Probe>> = {}) {
    this.#answers = answers;
  }

  readonly start =
    (device: DeviceName): StartChild =>
    (listener): InferenceChild => {
      const received: ToInference[] = [];
      this.children.push({ listener, received });
      let isAlive = true;
      const end = (how: string): void => {
        if (isAlive) listener.exit(how);
        isAlive = false;
      };
      return {
        send: (message) => {
          received.push(message);
          if (message.type === 'probe') this.#answer(message, (answer) => listener.message(answer), end);
        },
        kill: () => {
          this.killed.push(device);
          end('signal SIGKILL');
        },
      };
    };

  #answer(
    { device, location }: ProbeMessage,
    say: (message: FromInference) => void,
    exit: (how: string) => void,
  ): void {
    const name = location.precision ? `${device} ${location.precision}` : device;
    this.probes.push(name);
    const answer = this.#answers[name] ?? 'hang';
    if (answer === 'crash') exit('signal SIGSEGV');
    else if (answer === 'hang') return;
    else if ('failure' in answer) say({ type: 'loadFailed', message: answer.failure });
    else {
      const { tokensPerSecond, probabilities } = answer;
      say({
        type: 'probed',
        loadMilliseconds: 1,
        tokensPerSecond,
        weightSign: 'signed',
        probabilities: Float32Array.from(probabilities),
      });
    }
  }
}
