import type { DeviceName } from '../../core/device';
import type { Precision } from '../../core/model';
import { cpuPrecisions } from '../../models/graphFiles';

/** As people know them. */
export const deviceTitles: Readonly<Record<DeviceName, string>> = {
  cpu: 'CPU',
  webgpu: 'WebGPU',
  dml: 'DirectML',
  coreml: 'Core ML',
  cuda: 'CUDA',
};

/** What npm's onnxruntime-node has for a platform; what is not listed has the processor alone. */
const byPlatform: Readonly<Record<string, readonly DeviceName[]>> = {
  'linux-x64': ['webgpu', 'cuda'],
  'win32-x64': ['webgpu', 'dml'],
  'win32-arm64': ['webgpu', 'dml'],
  'darwin-arm64': ['webgpu', 'coreml'],
};

/**
 * The devices that a platform can have, the processor first. That one is listed does not mean that this machine has
 * the hardware, the driver or, for CUDA, the libraries.
 *
 * @param platform as in `process.platform`.
 * @param arch as in `process.arch`.
 */
export const devicesOf = (platform: string, arch: string): readonly DeviceName[] => [
  'cpu',
  ...(byPlatform[`${platform}-${arch}`] ?? []),
];

/** Half the bytes and often twice the speed; int8 has few operators there and would run on the processor instead. */
const gpuPrecisions: readonly Precision[] = ['fp16', 'fp32'];

/** Which graph files are worth running on a device, the best first. */
export const precisionsFor = (device: DeviceName): readonly Precision[] =>
  device === 'cpu' ? cpuPrecisions : gpuPrecisions;

/** Whether a device prepares for each new shape of its input, so that few shapes are faster than little padding. */
export const prefersFewShapes = (device: DeviceName): boolean => device !== 'cpu' && device !== 'cuda';
