import { join } from 'node:path';
import { build } from 'esbuild';
import { cacheFolder, root } from '../../support/paths';

/** Bundles the Mocha suite, or another module, for an extension host. @returns the path of the CommonJS module. */
export async function bundleSuite(
  entry = join(root, 'test/e2e/suite/index.ts'),
  outfile = join(cacheFolder, 'e2e/suite/index.js'),
): Promise<string> {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    // The editor brings `vscode`; Mocha finds its own parts at run time, from the project's node_modules.
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return outfile;
}
