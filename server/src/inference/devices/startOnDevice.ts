import type { DeviceName } from '../../core/device';
import type { ModelLocation } from '../../models/modelLocation';
import type { InferenceChild, StartChild } from '../childProcess';
import type { FromInference, LoadMessage, ToInference } from '../messages';
import type { DeviceChoice } from './deviceMemory';

export interface StartOnDeviceOptions {
  /** Starts an inference process with the environment that a device needs. */
  readonly start: (device: DeviceName) => StartChild;
  /** Asked at each start. @param signal the process is not wanted any more. */
  readonly choose: (location: ModelLocation, signal: AbortSignal) => Promise<DeviceChoice>;
  /** Told when a device failed at its work: it is not to be chosen again. */
  readonly distrust: (location: ModelLocation, device: DeviceName, reason: string) => void;
}

/**
 * Starts inference processes on the device that is chosen for the model which they are told to load. To the one who
 * starts them it looks as if they chose themselves, and as if they died of what only a device fails at: whoever
 * restarts them and asks again gets an answer from the processor, and nothing is lost.
 */
export const startOnDevice =
  (options: StartOnDeviceOptions): StartChild =>
  (listener) => {
    const unwanted = new AbortController();
    let child: InferenceChild | undefined;
    /** Tells that the device hangs. */
    let hung: (() => void) | undefined;
    /** Said before there was a process to hear it. */
    const unsaid: ToInference[] = [];

    async function begin(load: LoadMessage): Promise<void> {
      const choice = await options
        .choose(load.location, unwanted.signal)
        .catch((): DeviceChoice => ({ device: 'cpu' }));
      if (unwanted.signal.aborted) {
        listener.exit('it was stopped before it began');
        return;
      }
      child = startChosen(load.location, choice);
      const { device, precision } = choice;
      hung = () => giveUp(load.location, device, 'The inference process did not answer any more.');
      child.send({ ...load, device, location: { ...load.location, ...(precision && { precision }) } });
      for (const message of unsaid.splice(0)) child.send(message);
    }

    function startChosen(location: ModelLocation, { device, message: note }: DeviceChoice): InferenceChild {
      return options.start(device)({
        message: (message) => {
          if (message.type === 'loaded') {
            listener.message({ ...message, note });
          } else if (device !== 'cpu' && failedOnDevice(message)) {
            giveUp(location, device, message.message);
            child?.kill();
          } else {
            listener.message(message);
          }
        },
        output: (line) => listener.output(line),
        exit: (how) => {
          giveUp(location, device, `The inference process ended unexpectedly (${how}).`);
          listener.exit(how);
        },
      });
    }

    /** Only the first failure is told: others come from ending the process. */
    function giveUp(location: ModelLocation, device: DeviceName, reason: string): void {
      if (device !== 'cpu' && !unwanted.signal.aborted) options.distrust(location, device, reason);
      unwanted.abort();
    }

    return {
      get pid() {
        return child?.pid;
      },
      get isUndecided() {
        return child === undefined;
      },
      send: (message) => {
        if (message.type === 'shutdown') unwanted.abort();
        if (child) child.send(message);
        else if (message.type === 'load') void begin(message);
        else unsaid.push(message);
      },
      kill: (why) => {
        if (why === 'hung') hung?.();
        unwanted.abort();
        child?.kill();
      },
    };
  };

/** What a run on the processor might not fail at. */
const failedOnDevice = (message: FromInference): message is FromInference & { readonly message: string } =>
  message.type === 'loadFailed' || (message.type === 'requestFailed' && message.inRuntime);
