import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { root } from '../support/paths';

/** As npm tells scripts of packages what `.npmrc` says. */
async function npmEnvironment(): Promise<Record<string, string>> {
  const text = await readFile(join(root, '.npmrc'), 'utf8');
  return Object.fromEntries(
    [...text.matchAll(/^([\w-]+)=(.*)$/gm)].map(([, key = '', value = '']) => [
      `npm_config_${key.replaceAll('-', '_')}`,
      value,
    ]),
  );
}

/** Runs the install script of onnxruntime-node where no network can be reached. Rejects when it fails. */
const install = (environment: Readonly<Record<string, string>>) =>
  promisify(execFile)(process.execPath, [join(root, 'node_modules/onnxruntime-node/script/install.js')], {
    env: {
      GLOBAL_AGENT_HTTP_PROXY: 'http://127.0.0.1:9',
      GLOBAL_AGENT_HTTPS_PROXY: 'http://127.0.0.1:9',
      ...environment,
    },
  });

test('the install script of onnxruntime downloads nothing', async () => {
  expect(await install(await npmEnvironment())).toEqual({ stdout: '', stderr: '' });
});
