import { bundledModelId } from '../core/model';
import { EngineError, type Logger } from '../core/ports';
import { type TerminalText, terminal, toLines } from '../core/surfaces/terminal';
import type { DeviceService } from '../inference/devices/deviceService';
import { formatModelRef, parseModelRef } from '../models/modelRef';
import type { DeviceMeasurement } from '../protocol/models';
import { toTable } from './evaluate/textTable';
import { exitCodes } from './exitCodes';
import { FORMAT_VERSION, toJsonDocument } from './jsonFormat';
import type { Session } from './session';

export interface DevicesOptions {
  /** As in the settings; the bundled model unless given. */
  readonly model?: string;
  readonly format: 'text' | 'json';
}

/** @param logger told what is being tried. */
export type OpenDevices = (logger: Logger) => Pick<DeviceService, 'devices' | 'measure'>;

/** Significant digits of a difference: its size is what matters. */
const DIFFERENCE_PRECISION = 2;

/** Measures every device of this machine with a model. */
export const runDevices = async (
  { model = bundledModelId, format }: DevicesOptions,
  { openStore, openDevices, output, progress, signal }: Session,
): Promise<number> => {
  const ref = parseModelRef(model);
  const location = openStore().resolve(ref);
  if (!location) throw new EngineError(`The model ${formatModelRef(ref)} is not installed.`);
  const devices = openDevices({ info: (line) => progress.show(line), warn: () => {}, error: () => {} });
  const measurements = await devices.measure([location], devices.devices, signal);
  progress.clear();
  await output.write(
    format === 'json'
      ? toJsonDocument({ version: FORMAT_VERSION, devices: measurements })
      : toText(measurements),
  );
  await output.flush();
  return exitCodes.ok;
};

const head = ['device', 'precision', 'load ms', 'tokens/s', 'difference', 'result', 'hardware'];

/** A table, and below it how 8-bit weights are used and what there is to say of devices that are not of use. */
const toText = (measurements: readonly DeviceMeasurement[]): TerminalText => {
  const rows = measurements.map((one) => [
    one.device,
    one.precision,
    toNumber(one.loadMilliseconds),
    toNumber(one.tokensPerSecond),
    one.difference?.toPrecision(DIFFERENCE_PRECISION) ?? '',
    one.status,
    one.hardware ?? '',
  ]);
  const signs = measurements.flatMap(({ device, weightSign }) =>
    weightSign === undefined ? [] : [terminal.escape(`${device}: ${signNotes[weightSign]}`)],
  );
  const notes = measurements.flatMap(({ device, precision, message }) =>
    message === undefined ? [] : [terminal.escape(`${device} (${precision}): ${message}`)],
  );
  return toLines([...toTable(head, rows), ...new Set(signs), ...notes]);
};

const signNotes: Readonly<Record<NonNullable<DeviceMeasurement['weightSign']>, string>> = {
  signed: 'Products with signed 8-bit weights are exact, so weights are used as they are.',
  unsigned:
    'Products with signed 8-bit weights saturate, so they are used as unsigned ones: exact, and somewhat slower.',
};

const toNumber = (value: number | undefined): string | number =>
  value === undefined ? '' : Math.round(value);
