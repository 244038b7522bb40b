import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, root } from '../../support/paths';
import { runToEnd } from '../../support/processes';

const timeout = 120_000;

/** Packages the extension for this platform. @returns the path of the .vsix. */
export async function packageExtension(): Promise<string> {
  const out = join(cacheFolder, 'e2e/package');
  const script = join(root, 'scripts/package.mjs');
  const { code, stdout, stderr } = await runToEnd(process.execPath, [script, '--out', out], { timeout });
  if (code !== 0) throw new Error(`The extension could not be packaged:\n${stdout}\n${stderr}`);
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  return join(out, `subtext-${process.platform}-${process.arch}-${version}.vsix`);
}
