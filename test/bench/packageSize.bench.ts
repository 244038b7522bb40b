import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, root } from '../support/paths';
import { runToEnd } from '../support/processes';
import type { Bench } from './support/bench';

const TARGET = 'linux-x64';
const TIMEOUT_MILLISECONDS = 300_000;

/** The size of the package that users of Linux on x64 download. */
export const packageSize: Bench = {
  name: 'package',
  title: `size of the ${TARGET} package`,
  async run({ progress }) {
    progress('packaging');
    const folder = join(cacheFolder, 'bench/package');
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const args = [join(root, 'scripts/package.mjs'), '--target', TARGET, '--out', folder];
    const { code, stderr } = await runToEnd(process.execPath, args, {
      cwd: root,
      timeout: TIMEOUT_MILLISECONDS,
    });
    if (code !== 0) throw new Error(`Packaging failed. ${stderr}`);
    const [file] = (await readdir(folder)).filter((name) => name.endsWith('.vsix'));
    if (!file) throw new Error('Packaging made no .vsix.');
    return [{ name: '.vsix', value: (await stat(join(folder, file))).size / 1e6, unit: 'MB' }];
  },
};
