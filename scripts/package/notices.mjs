// The licences of everything in a package that others wrote.
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Whose copyright it is, for packages under the MIT licence that come without its text.
 *
 * @type {Readonly<Record<string, string>>}
 */
const holders = {
  '@vscode/l10n': 'Microsoft Corporation',
  'onnxruntime-common': 'Microsoft Corporation',
  'onnxruntime-node': 'Microsoft Corporation',
};

const isLicence = (/** @type {string} */ file) =>
  /^(licen[cs]e|copying|notice|third-?party-?notices)/i.test(file);

/**
 * The folders of the packages that bundles were made of.
 *
 * @param {Iterable<string>} inputs source files of the bundles, relative to the repository.
 */
export const bundledPackages = (inputs) => {
  const folders = new Set();
  for (const input of inputs) {
    const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
    if (folder) folders.add(folder);
  }
  return [...folders].sort();
};

/**
 * @param {string} root the repository.
 * @param {Iterable<string>} folders of packages, relative to it.
 * @returns {Promise<string>} name, version and licence of each package, one text.
 * @throws where a package has no licence text, and there is none for it in the folder `licences`.
 */
export const thirdPartyNotices = async (root, folders) => {
  // The project's own licence is the same one; only the copyright line differs.
  const mit = await readFile(join(root, 'LICENSE'), 'utf8');
  /** @type {Map<string, string>} */
  const sections = new Map();
  for (const folder of folders) {
    const { name, version, license } = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'));
    const files = (await readdir(join(root, folder))).filter(isLicence).sort();
    const texts = await Promise.all(files.map((file) => readFile(join(root, folder, file), 'utf8')));
    if (texts.length === 0) {
      const holder = holders[name];
      const kept = join(root, 'scripts/package/licences', `${name}.txt`);
      if (existsSync(kept)) texts.push(await readFile(kept, 'utf8'));
      else if (holder && license === 'MIT')
        texts.push(mit.replace(/^Copyright .*$/m, `Copyright (c) ${holder}`));
      else throw new Error(`${name} ${version} (${license}) has no licence text.`);
    }
    sections.set(
      `${name} ${version}`,
      `${'='.repeat(78)}\n${name} ${version} (${license})\n${'='.repeat(78)}\n\n${texts
        .map((text) => text.replaceAll('\r\n', '\n').trim())
        .join('\n\n')}\n`,
    );
  }
  const names = [...sections.keys()].sort();
  return `Subtext contains the following software of others.\n\n${names
    .map((name) => sections.get(name))
    .join('\n')}`;
};
