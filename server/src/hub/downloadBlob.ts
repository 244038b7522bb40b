import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import type { Response } from 'undici';
import type { HubClient, RepositoryFile } from './hubClient';
import { answerError, checksumError, networkError, otherContentError } from './hubFailures';
import { type Wait, withRetries } from './retries';

export interface BlobDownload {
  readonly client: HubClient;
  readonly repo: string;
  readonly commit: string;
  readonly file: RepositoryFile;
  /** Where it goes once all of it is there and right. */
  readonly target: string;
  readonly signal: AbortSignal;
  readonly wait: Wait;
  /** Told how much of it is here, again and again; less than before where it had to begin anew. */
  readonly onReceived: (bytes: number) => void;
}

const PARTIAL_CONTENT = 206;
const PARTIAL_SUFFIX = '.subtext.incomplete';

/**
 * What has arrived so far lies here, also after a failure, and the next attempt goes on behind it. The name is
 * ours, as others delete or append to theirs, but ends as theirs do, so that their tools find and prune it.
 */
export const partialFile = (target: string): string => target + PARTIAL_SUFFIX;

export const isPartial = (file: string): boolean => file.endsWith(PARTIAL_SUFFIX);

/**
 * Downloads a file, resuming what an earlier attempt left, compares its checksum and renames it into place.
 *
 * @throws HubError, or what the file system says.
 */
export async function downloadBlob(download: BlobDownload): Promise<void> {
  const { target, signal, wait, onReceived } = download;
  const partial = partialFile(target);
  let received = 0;
  const onBytes = (bytes: number) => {
    received = bytes;
    onReceived(bytes);
  };
  await withRetries(() => receive(download, partial, onBytes), { wait, signal, progress: () => received });
  try {
    await verify(partial, download);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  await rename(partial, target);
}

/** Appends to the partial file until it has the announced size, or more than that. */
async function receive(
  { client, commit, file, signal }: BlobDownload,
  partial: string,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const present = (await stat(partial).catch(() => undefined))?.size ?? 0;
  onBytes(present);
  if (present > 0 && present >= file.bytes) return;
  const response = await client.read(commit, file.path, present, signal);
  const resumes = response.status === PARTIAL_CONTENT;
  if (resumes && !response.headers.get('content-range')?.startsWith(`bytes ${present}-`)) {
    await response.body?.cancel();
    throw answerError(client.host);
  }
  let received = resumes ? present : 0;
  const handle = await open(partial, resumes ? 'a' : 'w');
  try {
    for await (const bytes of bodyOf(response, client.host, signal)) {
      await handle.appendFile(bytes);
      received += bytes.byteLength;
      onBytes(received);
      if (received > file.bytes) return;
    }
  } finally {
    await handle.close();
  }
  if (received < file.bytes) throw networkError('EOF', client.host);
}

/** The bytes of an answer; unlike those of the file system, its failures are HubErrors. */
async function* bodyOf(response: Response, host: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    yield* (response.body ?? []) as AsyncIterable<Uint8Array>;
  } catch (error) {
    signal.throwIfAborted();
    throw networkError(error, host);
  }
}

/** @throws HubError where the content is not what was announced, or not what it has to be. */
async function verify(path: string, { repo, file, client }: BlobDownload): Promise<void> {
  const sha256 = createHash('sha256');
  // Git hashes a file behind a header that tells its size.
  const gitId = createHash('sha1').update(`blob ${file.bytes}\0`);
  for await (const bytes of createReadStream(path)) {
    sha256.update(bytes as Buffer);
    gitId.update(bytes as Buffer);
  }
  const digest = sha256.digest('hex');
  const oid = file.oid.length === digest.length ? digest : gitId.digest('hex');
  if (oid !== file.oid) throw checksumError(repo, file.path, client.host);
  if (file.sha256 !== undefined && file.sha256 !== digest) throw otherContentError(repo, file.path);
}
