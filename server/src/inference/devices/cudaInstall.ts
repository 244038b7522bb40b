import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';
import { EngineError } from '../../core/ports';
import type { CudaPlan } from '../../protocol/models';
import { cudaFolder, cudaLibraries, cudaVersion, isCudaInstalled } from './cudaFolder';

/** From where onnxruntime-node's own install script takes the libraries. */
const nugetIndex = 'https://api.nuget.org/v3/index.json';
const packageId = 'Microsoft.ML.OnnxRuntime.Gpu.Linux';
const folderInPackage = 'runtimes/linux-x64/native/';

/** As much of it as is needed. */
export type Fetch = (url: string, options: { readonly signal?: AbortSignal }) => Promise<Response>;

export interface CudaInstallOptions {
  /** Folder for what is kept between starts. */
  readonly stateDir: string;
  readonly fetch: Fetch;
  /** Index of the feed; tests bring their own. */
  readonly index?: string;
  readonly signal?: AbortSignal;
}

/** What the feed says of the package. */
interface CudaPackage extends CudaPlan {
  readonly content: string;
  /** SHA-512, Base64. */
  readonly hash: string;
}

/**
 * Asks the feed what an installation would bring. Network.
 *
 * @throws EngineError saying what is wrong and what to do.
 */
export async function planCuda(options: CudaInstallOptions): Promise<CudaPlan> {
  const { content: _, hash: __, ...plan } = await findPackage(options);
  return plan;
}

/**
 * Downloads the provider, checks it and puts it into a folder of ours, complete or not at all. Network.
 *
 * The checksum is the one that the feed publishes beside the package, which guards against damage, not against the
 * feed itself.
 *
 * @param progress told bytes received and in all.
 * @throws EngineError saying what is wrong and what to do, or the signal's reason.
 */
export async function installCuda(
  options: CudaInstallOptions,
  progress: (received: number, total: number) => void,
): Promise<void> {
  const { stateDir, signal } = options;
  if (isCudaInstalled(stateDir)) return;
  const found = await findPackage(options);
  const parent = join(stateDir, 'cuda');
  let draft: string | undefined;
  try {
    await mkdir(parent, { recursive: true });
    draft = await mkdtemp(join(parent, 'draft-'));
    const archive = join(draft, 'package.zip');
    await download(found, archive, options, progress);
    const libraries = join(draft, 'libraries');
    await unpack(archive, libraries, signal);
    await publish(libraries, stateDir);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof EngineError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOSPC') throw new EngineError(`There is no space left for CUDA support in ${parent}.`);
    throw new EngineError(`CUDA support could not be installed in ${parent}: ${messageOf(error)}`);
  } finally {
    if (draft) await rm(draft, { recursive: true, force: true });
  }
}

async function findPackage(options: CudaInstallOptions): Promise<CudaPackage> {
  const { index = nugetIndex } = options;
  const { resources } = await getJson(index, options);
  const registrations = (Array.isArray(resources) ? resources : []).find(
    (resource) => resource?.['@type'] === 'RegistrationsBaseUrl',
  )?.['@id'];
  if (typeof registrations !== 'string') throw unexpected(index);
  const leafUrl = new URL(`${packageId.toLowerCase()}/${cudaVersion}.json`, registrations).href;
  const { packageContent: content, catalogEntry } = await getJson(leafUrl, options);
  if (typeof content !== 'string' || typeof catalogEntry !== 'string') throw unexpected(leafUrl);
  const entry = await getJson(catalogEntry, options);
  const { packageHash: hash, packageHashAlgorithm: algorithm, packageSize: bytes } = entry;
  if (typeof hash !== 'string' || algorithm !== 'SHA512' || typeof bytes !== 'number') {
    throw unexpected(catalogEntry);
  }
  const licence = [entry['licenseExpression'], entry['licenseUrl']].find(
    (one) => typeof one === 'string' && one,
  );
  return {
    package: packageId,
    version: cudaVersion,
    host: new URL(content).host,
    bytes,
    ...(typeof licence === 'string' && { licence }),
    content,
    hash,
  };
}

async function getJson(url: string, options: CudaInstallOptions): Promise<Record<string, unknown>> {
  const response = await get(url, options);
  try {
    const value: unknown = await response.json();
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    options.signal?.throwIfAborted();
  }
  throw unexpected(url);
}

async function get(url: string, { fetch, signal }: CudaInstallOptions): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, signal ? { signal } : {});
  } catch (error) {
    signal?.throwIfAborted();
    const cause = error instanceof Error && error.cause ? error.cause : error;
    throw new EngineError(`${new URL(url).host} cannot be reached: ${messageOf(cause)}`);
  }
  if (!response.ok) {
    await response.body?.cancel();
    throw new EngineError(`${new URL(url).host} answered ${response.status} to the request for ${url}.`);
  }
  return response;
}

async function download(
  { content, bytes, hash }: CudaPackage,
  file: string,
  options: CudaInstallOptions,
  progress: (received: number, total: number) => void,
): Promise<void> {
  const { body } = await get(content, options);
  if (!body) throw unexpected(content);
  const digest = createHash('sha512');
  let received = 0;
  const watch = new Transform({
    transform: (chunk: Buffer, _, next) => {
      received += chunk.length;
      digest.update(chunk);
      progress(received, bytes);
      // Nobody agreed to more than was planned.
      next(received > bytes ? new EngineError(`${content} is larger than announced.`) : null, chunk);
    },
  });
  const write = createWriteStream(file);
  const source = Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]);
  await pipeline(source, watch, write, options.signal ? { signal: options.signal } : {});
  if (digest.digest('base64') !== hash) {
    throw new EngineError(`The download of ${content} was damaged: its checksum is wrong. Try again.`);
  }
}

/** Takes the libraries only, by their exact names, so that no path in the archive matters. */
async function unpack(archive: string, folder: string, signal: AbortSignal | undefined): Promise<void> {
  await mkdir(folder);
  const missing = new Set<string>(cudaLibraries);
  const zip = await openPromise(archive);
  try {
    for await (const entry of zip.eachEntry()) {
      const name = cudaLibraries.find((library) => entry.fileName === folderInPackage + library);
      if (name === undefined || !missing.delete(name)) continue;
      const content = await zip.openReadStreamPromise(entry);
      await pipeline(content, createWriteStream(join(folder, name)), signal ? { signal } : {});
    }
  } finally {
    zip.close();
  }
  if (missing.size > 0)
    throw new EngineError(`${packageId} ${cudaVersion} lacks ${[...missing].join(', ')}.`);
}

/** Another window may have been faster; its libraries are as good. */
async function publish(libraries: string, stateDir: string): Promise<void> {
  try {
    await rename(libraries, cudaFolder(stateDir));
  } catch (error) {
    if (!isCudaInstalled(stateDir)) throw error;
  }
}

const unexpected = (url: string): EngineError =>
  new EngineError(`${url} does not say what is needed to install CUDA support; try again later.`);

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
