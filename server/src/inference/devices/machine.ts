import { readdirSync, readFileSync, statSync } from 'node:fs';
import { arch, cpus, hostname, platform, release } from 'node:os';
import { dependencies } from '../../../package.json';
import type { DeviceName } from '../../core/device';

/** What device answers depend on, apart from the model. */
export interface Machine {
  /** As in `process.platform`. */
  readonly platform: string;
  /** As in `process.arch`. */
  readonly arch: string;
  /** Differs after a change of hardware, system, driver or onnxruntime. */
  readonly fingerprint: string;
  /** Name of the processor or graphics card, where it can be had without starting a driver. */
  hardware(device: DeviceName): string | undefined;
}

/** One folder a card. */
const nvidiaCards = '/proc/driver/nvidia/gpus';

/** Files and folders that change when a graphics driver is installed, updated or removed. */
const driverTraces: Readonly<Record<string, readonly string[]>> = {
  linux: [
    '/proc/driver/nvidia/version',
    '/sys/class/drm',
    '/etc/vulkan/icd.d',
    '/usr/share/vulkan/icd.d',
    '/usr/local/share/vulkan/icd.d',
  ],
  win32: ['C:\\Windows\\System32\\DriverStore\\FileRepository'],
};

/** Variables that choose another Vulkan driver. */
const driverVariables = ['VK_ICD_FILENAMES', 'VK_DRIVER_FILES'] as const;

/** This machine. On macOS drivers come with the system. */
export function readMachine(): Machine {
  const processor = cpus()[0]?.model.trim();
  return {
    platform: platform(),
    arch: arch(),
    // Only where a device is to be chosen: on Windows the folder of drivers has thousands of entries.
    get fingerprint() {
      return JSON.stringify([
        hostname(),
        platform(),
        arch(),
        release(),
        processor,
        dependencies['onnxruntime-node'],
        (driverTraces[platform()] ?? []).map(traceOf),
        driverVariables.map((name) => process.env[name]),
      ]);
    },
    hardware: (device) => {
      // An Apple chip is both.
      if (device === 'cpu' || device === 'coreml') return processor;
      return device === 'cuda' ? nvidiaCard(nvidiaCards) : undefined;
    },
  };
}

/** Names and dates of what is in a folder; content of a file. */
function traceOf(path: string): unknown {
  try {
    const status = statSync(path);
    // Files below /proc have the date at which somebody looked.
    if (status.isFile()) return readFileSync(path, 'utf8');
    // Dates in /sys are those of the start of the system.
    return [path.startsWith('/sys') ? 0 : status.mtimeMs, readdirSync(path).sort().join()];
  } catch {
    return null;
  }
}

/** @param folder as `/proc/driver/nvidia/gpus`. @returns the model of the first card. */
export function nvidiaCard(folder: string): string | undefined {
  try {
    const [card] = readdirSync(folder).sort();
    if (card === undefined) return undefined;
    return /^Model:\s*(.+)$/m.exec(readFileSync(`${folder}/${card}/information`, 'utf8'))?.[1]?.trim();
  } catch {
    return undefined;
  }
}
