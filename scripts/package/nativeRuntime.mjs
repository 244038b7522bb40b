// Which files of the two native packages a platform needs.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The platforms that both onnxruntime-node and tokenizers have binaries for, by the names of `vsce --target`.
 * Neither Intel Macs nor musl are among them: onnxruntime-node has none.
 *
 * @type {Readonly<Record<string, { platform: string, arch: string, tokenizers: string }>>}
 */
export const targets = {
  'linux-x64': { platform: 'linux', arch: 'x64', tokenizers: 'linux-x64-gnu' },
  'linux-arm64': { platform: 'linux', arch: 'arm64', tokenizers: 'linux-arm64-gnu' },
  'win32-x64': { platform: 'win32', arch: 'x64', tokenizers: 'win32-x64-msvc' },
  'win32-arm64': { platform: 'win32', arch: 'arm64', tokenizers: 'win32-arm64-msvc' },
  'darwin-arm64': { platform: 'darwin', arch: 'arm64', tokenizers: 'darwin-arm64' },
};

/** The packages that are not bundled. */
export const nativePackages = ['onnxruntime-node', 'onnxruntime-common', 'tokenizers'];

/**
 * The macOS library stands twice in the npm package, since npm knows no links; the binding loads the other name.
 *
 * @param {string} file
 */
const isDuplicate = (file) => /^libonnxruntime\.\d+\.\d+\.\d+\.dylib$/.test(file);

/**
 * @param {string} nodeModules an absolute path.
 * @param {string} target
 * @returns {Promise<string[]>} paths relative to `nodeModules`, with forward slashes.
 */
export const nativeFiles = async (nodeModules, target) => {
  const names = targets[target];
  if (!names) throw new Error(`Unknown target ${target}. Known: ${Object.keys(targets).join(', ')}.`);
  const binaries = `onnxruntime-node/bin/napi-v6/${names.platform}/${names.arch}`;
  /** @param {string} folder @param {(file: string) => boolean} keep */
  const list = async (folder, keep) =>
    (await readdir(join(nodeModules, folder))).filter(keep).map((file) => `${folder}/${file}`);
  /** @param {string} file */
  const isScript = (file) => file.endsWith('.js');
  return [
    'onnxruntime-node/package.json',
    ...(await list('onnxruntime-node/dist', isScript)),
    ...(await list(binaries, (file) => !isDuplicate(file))),
    'onnxruntime-common/package.json',
    // Marks the folder as CommonJS where the package has one.
    ...(await list('onnxruntime-common/dist/cjs', (file) => isScript(file) || file === 'package.json')),
    'tokenizers/package.json',
    'tokenizers/index.js',
    `tokenizers/tokenizers.${names.tokenizers}.node`,
  ];
};
