import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { dependencies } from '../../../package.json';

/** The provider's libraries have to be of the very same version as the runtime. */
export const cudaVersion = dependencies['onnxruntime-node'];

/** The provider and its bridge to the runtime. */
export const cudaLibraries = [
  'libonnxruntime_providers_cuda.so',
  'libonnxruntime_providers_shared.so',
] as const;

/** What the binding links to. */
const runtimeLibrary = 'libonnxruntime.so.1';

export const cudaFolder = (stateDir: string): string => join(stateDir, 'cuda', cudaVersion);

export const isCudaInstalled = (stateDir: string): boolean =>
  cudaLibraries.every((name) => existsSync(join(cudaFolder(stateDir), name)));

/**
 * The variables with which a process finds the installed libraries. onnxruntime looks for providers beside itself, by
 * the path by which the system's linker found it. So the folder gets a link to the runtime, and the linker looks there
 * before it looks beside the binding; nothing is written into the extension's own folder.
 *
 * @param processPath a program that can load onnxruntime-node.
 * @returns none where nothing is installed.
 */
export function cudaEnvironment(stateDir: string, processPath: string): Readonly<Record<string, string>> {
  if (!isCudaInstalled(stateDir)) return {};
  const folder = cudaFolder(stateDir);
  const before = process.env['LD_LIBRARY_PATH'];
  try {
    linkRuntime(folder, processPath);
  } catch {
    // Without the link the provider is not found; the run says so, and the processor does the work.
    return {};
  }
  return { LD_LIBRARY_PATH: before ? `${folder}:${before}` : folder };
}

/** Anew each time: an update of the extension moves the runtime. Two windows may do this at once. */
function linkRuntime(folder: string, processPath: string): void {
  const runtime = dirname(createRequire(processPath).resolve('onnxruntime-node/package.json'));
  const draft = join(folder, `${runtimeLibrary}.${process.pid}`);
  mkdirSync(folder, { recursive: true });
  rmSync(draft, { force: true });
  symlinkSync(join(runtime, 'bin/napi-v6/linux/x64', runtimeLibrary), draft);
  renameSync(draft, join(folder, runtimeLibrary));
}
