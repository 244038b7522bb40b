import { readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EngineError } from '../../server/src/core/ports';
import { readHubEnvironment } from '../../server/src/hub/hubEnvironment';
import { root } from '../../test/support/paths';
import { formatJson } from './formatJson';
import { type Catalog, refreshCatalog } from './refreshCatalog';

/** @returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { keep: { type: 'boolean', default: false } } });
  const file = join(root, 'models/catalog.json');
  const catalog = JSON.parse(await readFile(file, 'utf8')) as Catalog;
  try {
    const refreshed = await refreshCatalog(catalog, {
      environment: readHubEnvironment(process.env, homedir()),
      keepRevisions: values.keep,
      log: console.log,
    });
    await writeFile(file, formatJson(refreshed));
    return 0;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    console.error(`${error.message}\nThe catalogue stays as it was.`);
    return 1;
  }
}
