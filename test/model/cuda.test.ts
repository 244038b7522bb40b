import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bundledModelId } from '../../server/src/core/model';
import { forkInference } from '../../server/src/inference/childProcess';
import { cudaEnvironment, cudaFolder, cudaLibraries } from '../../server/src/inference/devices/cudaFolder';
import type { FromInference } from '../../server/src/inference/messages';
import { bundledLocation } from '../../server/src/models/modelFolder';
import { poll } from '../support/poll';
import { bundleInference, modelsDir } from './bundle';

test.skipIf(process.platform !== 'linux' || process.arch !== 'x64')(
  'onnxruntime looks for the CUDA provider in the folder where it was installed',
  async () => {
    const inference = await bundleInference();
    const stateDir = await mkdtemp(join(tmpdir(), 'subtext-cuda-'));
    try {
      const folder = cudaFolder(stateDir);
      await mkdir(folder, { recursive: true });
      // No libraries, so that each attempt to load one is told with its path.
      for (const name of cudaLibraries) await writeFile(join(folder, name), 'no library');
      const said: FromInference[] = [];
      const printed: string[] = [];
      const child = forkInference(
        inference.path,
        cudaEnvironment(stateDir, inference.path),
      )({
        message: (message) => said.push(message),
        output: (line) => printed.push(line),
        exit: () => {},
      });
      const location = bundledLocation(modelsDir, bundledModelId);
      child.send({ type: 'probe', location, threads: 1, device: 'cuda' });
      await poll('the failure', () => said[0] && printed[0], 20_000);
      child.kill();
      expect(said).toMatchObject([{ type: 'loadFailed' }]);
      expect(printed.join('\n')).toContain(join(folder, 'libonnxruntime_providers_shared.so'));
    } finally {
      await inference.remove();
      await rm(stateDir, { recursive: true });
    }
  },
);
