import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, Faults } from './faults';
import { type Repository, type RepositoryFile, readRepository } from './repository';

/** A request as it arrived. */
export interface HubRequest {
  readonly server: 'hub' | 'storage';
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly authorization: string | undefined;
  readonly range: string | undefined;
  readonly host: string | undefined;
}

/** A Hub on this machine, and the storage that it redirects to as the real one does. */
export interface LocalHub {
  /** For `HF_ENDPOINT`. */
  readonly endpoint: string;
  readonly requests: readonly HubRequest[];
  readonly faults: Faults;
  /** Bytes of files that were sent, announced or not. */
  readonly sentBytes: number;
  /** Ends all answers in the middle. */
  dropConnections(): void;
  close(): Promise<void>;
}

const PIECE_BYTES = 1 << 14;

/**
 * Serves `folder/owner/name/…` as the Hub does: the API for commits and lists of files, `resolve` with its headers,
 * ranges, and large files from another origin. `POST /-/faults` with a Fault as JSON makes things go wrong, for
 * tests in other processes.
 *
 * @param options.pageSize how many files a list has at once; the rest is on the next page.
 */
export async function startLocalHub(
  folder: string,
  { port = 0, pageSize = 1000 }: { readonly port?: number; readonly pageSize?: number } = {},
): Promise<LocalHub> {
  const requests: HubRequest[] = [];
  const faults = new Faults();
  const stored = new Map<string, RepositoryFile>();
  let sentBytes = 0;

  const serve = (server: HubRequest['server'], answer: (exchange: Exchange) => Promise<void>): Server =>
    createServer((request, response) => {
      const { method = 'GET', url: path = '/', headers } = request;
      const { authorization, range, host } = headers;
      requests.push({ server, method, path, authorization, range, host });
      const fault = faults.take(path, method);
      const onSent = (bytes: number) => {
        sentBytes += bytes;
      };
      answer({ request, response, method, path, fault, onSent }).catch(() => response.destroy());
    });

  const storage = serve('storage', async (exchange) => {
    if (await answeredBy(exchange)) return;
    const file = stored.get(exchange.path.slice(1));
    if (file) await sendContent(exchange, file, {});
    else fail(exchange, 404, 'EntryNotFound');
  });

  const hub = serve('hub', async (exchange) => {
    const { method, path, request } = exchange;
    if (method === 'POST' && path === '/-/faults') {
      faults.add(JSON.parse((await request.toArray()).join('')) as Fault);
      exchange.response.end();
      return;
    }
    if (await answeredBy(exchange)) return;
    const { pathname, searchParams } = new URL(path, 'http://hub');
    const route =
      /^\/(?<api>api\/models\/)?(?<repo>[^/]+\/[^/]+)(?:\/(?<verb>resolve|revision|tree)\/(?<revision>[^/]+)(?:\/(?<file>.+))?)?$/.exec(
        pathname,
      )?.groups;
    const repo = route?.['repo'] ?? '';
    const repository = route && (await readRepository(join(folder, repo)));
    if (!route || !repository) return fail(exchange, 401, 'RepoNotFound');
    if (!mayRead(exchange, repository, route['api'] !== undefined)) return;
    const revision = decodeURIComponent(route['revision'] ?? 'main');
    if (revision !== 'main' && revision !== 'HEAD' && revision !== repository.commit) {
      return fail(exchange, 404, 'RevisionNotFound');
    }
    if (route['verb'] === 'resolve') {
      const wanted = decodeURIComponent(route['file'] ?? '');
      const file = repository.files.find((one) => one.path === wanted);
      exchange.response.setHeader('x-repo-commit', repository.commit);
      if (!file) return fail(exchange, 404, 'EntryNotFound');
      if (file.sha256 === undefined) return sendContent(exchange, file, { etag: `"${file.oid}"` });
      stored.set(file.sha256, file);
      exchange.response.writeHead(302, {
        // Another name of this machine: Python takes ports of one host for the same place.
        location: `${originOf(storage, 'localhost')}/${file.sha256}`,
        'x-linked-etag': `"${file.sha256}"`,
        'x-linked-size': String(file.content.length),
        etag: `"${file.sha256}"`,
      });
      exchange.response.end();
      return;
    }
    if (route['verb'] === 'tree') {
      const from = Number(searchParams.get('cursor') ?? 0);
      const entries = toTree(repository);
      const next = new URL(path, originOf(hub));
      next.searchParams.set('cursor', String(from + pageSize));
      if (from + pageSize < entries.length) exchange.response.setHeader('link', `<${next}>; rel="next"`);
      return sendJson(exchange, entries.slice(from, from + pageSize));
    }
    return sendJson(exchange, toInfo(repo, repository));
  });

  hub.listen(port, '127.0.0.1');
  storage.listen(0, '127.0.0.1');
  await Promise.all([once(hub, 'listening'), once(storage, 'listening')]);
  return {
    endpoint: originOf(hub),
    requests,
    faults,
    get sentBytes() {
      return sentBytes;
    },
    dropConnections: () => {
      for (const server of [hub, storage]) server.closeAllConnections();
    },
    close: async () => {
      for (const server of [hub, storage]) {
        server.closeAllConnections();
        server.close();
      }
      await Promise.all(
        [hub, storage].map((server) => (server.listening ? once(server, 'close') : undefined)),
      );
    },
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  readonly path: string;
  readonly fault: Fault | undefined;
  readonly onSent: (bytes: number) => void;
}

const originOf = (server: Server, host = '127.0.0.1'): string =>
  `http://${host}:${(server.address() as AddressInfo).port}`;

function fail({ response }: Exchange, status: number, code: string): void {
  response.writeHead(status, { 'x-error-code': code, 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: code }));
}

function sendJson({ response }: Exchange, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

/** @returns whether a fault has answered instead. */
async function answeredBy({ response, fault, onSent }: Exchange): Promise<boolean> {
  if (fault?.status === undefined && fault?.body === undefined) return false;
  const { status = 200, headers, body = '', endless, millisecondsAPiece } = fault;
  response.writeHead(status, { ...headers });
  async function* pieces() {
    do {
      onSent(body.length);
      yield body;
      if (millisecondsAPiece !== undefined) await sleep(millisecondsAPiece);
    } while (endless);
  }
  await pipeline(pieces, response);
  return true;
}

/** Private repositories do not exist for others; gated ones do, but not their files. */
function mayRead(exchange: Exchange, { card }: Repository, isApi: boolean): boolean {
  const { authorization } = exchange.request.headers;
  if (card.token === undefined || authorization === `Bearer ${card.token}`) return true;
  if (card.gated && isApi) return true;
  if (card.gated) fail(exchange, authorization === undefined ? 401 : 403, 'GatedRepo');
  else fail(exchange, 401, 'RepoNotFound');
  return false;
}

const toInfo = (repo: string, { card, commit, files }: Repository): object => ({
  _id: repo,
  id: repo,
  sha: commit,
  private: card.token !== undefined && !card.gated,
  gated: card.gated ? 'manual' : false,
  pipeline_tag: card.pipeline_tag,
  cardData: card.cardData ?? {},
  downloads: 0,
  likes: 0,
  lastModified: '2026-01-01T00:00:00.000Z',
  siblings: files.map(({ path }) => ({ rfilename: path })),
});

/** The first object id that no file has. */
const NO_OID = '0'.repeat(40);

const toTree = ({ card, files }: Repository): readonly object[] => [
  ...files.map(({ path, content, oid, sha256 }) => ({
    type: 'file',
    path,
    size: content.length,
    oid,
    ...(sha256 !== undefined && { lfs: { oid: sha256, size: content.length, pointerSize: 130 } }),
  })),
  ...(card.extraFiles ?? []).map((file) => ({ type: 'file', oid: NO_OID, ...file })),
];

async function sendContent(
  { request, response, method, fault, onSent }: Exchange,
  { content }: RepositoryFile,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const start = fault?.ignoreRange ? 0 : Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const isPart = request.headers.range !== undefined && !fault?.ignoreRange;
  const bytes = fault?.corrupt ? content.map((byte) => byte ^ 1) : content;
  response.writeHead(isPart ? 206 : 200, {
    ...headers,
    'accept-ranges': 'bytes',
    'content-length': content.length - start,
    ...(isPart && { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` }),
  });
  if (method === 'HEAD') {
    response.end();
    return;
  }
  const end = Math.min(fault?.cutAfter ?? content.length, fault?.stallAfter ?? content.length);
  for (let from = start; from < Math.min(start + end, content.length); from += PIECE_BYTES) {
    const piece = bytes.subarray(from, Math.min(from + PIECE_BYTES, start + end));
    onSent(piece.length);
    // Written means flushed: what a broken connection has delivered is what was counted.
    await new Promise<void>((resolve) => response.write(piece, () => resolve()));
    if (fault?.millisecondsAPiece !== undefined) await sleep(fault.millisecondsAPiece);
  }
  if (fault?.cutAfter !== undefined) response.socket?.end();
  else if (fault?.stallAfter !== undefined) await once(request, 'close');
  else response.end();
}
