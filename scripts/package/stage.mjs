// Lays out the folder that becomes one platform's extension.
import { chmod, copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { nativeFiles, nativePackages } from './nativeRuntime.mjs';
import { bundledPackages, thirdPartyNotices } from './notices.mjs';

/** Everyone may read what is installed, whatever the umask of who packaged it or the tool that wrote it. */
const FILE_MODE = 0o644;
const PROGRAM_MODE = 0o755;

/** What of package.json is about working on the project. */
const developmentKeys = ['private', 'workspaces', 'scripts', 'devDependencies'];

/** Folders that go along whole where the repository has them. */
const folders = ['images', 'l10n', 'schemas', 'syntaxes'];

/**
 * @param {string} folder
 * @returns {Promise<string[]>} all files below, relative to `folder`, with forward slashes, sorted.
 */
export const listFiles = async (folder) =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();

/**
 * Every relative path that the manifest names.
 *
 * @param {unknown} value
 * @returns {string[]}
 */
const manifestPaths = (value) => {
  if (typeof value === 'string') return value.startsWith('./') ? [value.slice(2)] : [];
  return value && typeof value === 'object' ? Object.values(value).flatMap(manifestPaths) : [];
};

/**
 * @param {object} options
 * @param {string} options.root the repository.
 * @param {string} options.build the folder of the bundles and of esbuild's meta.json.
 * @param {string} options.target a name of `vsce --target`.
 * @param {string} options.stage the folder to make; what was there is removed.
 */
export const stageExtension = async ({ root, build, target, stage }) => {
  await rm(stage, { recursive: true, force: true });
  await mkdir(stage, { recursive: true });
  /** @param {string} from absolute @param {string} to relative @param {number} mode */
  const put = async (from, to, mode = FILE_MODE) => {
    const path = join(stage, to);
    await mkdir(dirname(path), { recursive: true });
    await copyFile(from, path);
    await chmod(path, mode);
  };
  /** @param {string} path the same in repository and extension. */
  const take = (path) => put(join(root, path), path);

  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  for (const key of developmentKeys) delete manifest[key];
  await writeFile(join(stage, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`, {
    mode: FILE_MODE,
  });

  await take('README.md');
  await take('CHANGELOG.md');
  await take('LICENSE');
  await take('NOTICE');
  await take('.vscodeignore');
  for (const entry of await readdir(root, { withFileTypes: true })) {
    if (/^package\.nls(\..+)?\.json$/.test(entry.name)) await take(entry.name);
    if (entry.isDirectory() && folders.includes(entry.name)) {
      for (const file of await listFiles(join(root, entry.name))) await take(`${entry.name}/${file}`);
    }
  }

  const catalog = JSON.parse(await readFile(join(root, 'models/catalog.json'), 'utf8'));
  await take('models/catalog.json');
  for (const { bundled, files } of catalog.models) {
    if (bundled === undefined) continue;
    // The catalogue lists what the engine loads: weights for training and references are not among it.
    for (const { path } of files) await take(`models/${bundled}/${path}`);
    await take(`models/${bundled}/README.md`);
  }

  for (const file of await listFiles(build)) {
    if (file.endsWith('.js')) await put(join(build, file), `dist/${file}`);
  }
  await chmod(join(stage, 'dist/cli.js'), PROGRAM_MODE);
  const nodeModules = join(root, 'node_modules');
  for (const file of await nativeFiles(nodeModules, target)) {
    await put(join(nodeModules, file), `dist/node_modules/${file}`);
  }

  const { outputs } = JSON.parse(await readFile(join(build, 'meta.json'), 'utf8'));
  // Of what was read, much has been left out again.
  const parts = Object.values(outputs).flatMap(({ inputs }) => Object.entries(inputs));
  const inputs = parts.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file);
  const packages = [...bundledPackages(inputs), ...nativePackages.map((name) => `node_modules/${name}`)];
  await writeFile(join(stage, 'THIRD_PARTY_NOTICES.txt'), await thirdPartyNotices(root, packages), {
    mode: FILE_MODE,
  });

  const staged = await listFiles(stage);
  const missing = manifestPaths(manifest).filter(
    (path) => !staged.some((file) => file === path || file.startsWith(`${path}/`)),
  );
  if (missing.length > 0)
    throw new Error(`package.json names files that are not there: ${missing.join(', ')}`);
};
