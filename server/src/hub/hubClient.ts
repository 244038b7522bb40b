import { type ListFileEntry, listFiles, modelInfo } from '@huggingface/hub';
import type { EnvHttpProxyAgent, Response, fetch as undiciFetch } from 'undici';
import { JsonError, parseJson } from '../core/json/parseJson';
import { EngineError } from '../core/ports';
import { isCommit } from './hubCache';
import { type HubEnvironment, readToken } from './hubEnvironment';
import { HubError } from './hubError';
import {
  answerError,
  largeAnswerError,
  listingError,
  longListError,
  networkError,
  offlineError,
  type RequestSubject,
  statusError,
} from './hubFailures';
import {
  type HubTimeouts,
  hubTimeouts,
  mostAnswerBytes,
  mostFileBytes,
  mostFiles,
  mostJsonBytes,
  mostLanguages,
  mostNameCharacters,
  mostPages,
  mostPathCharacters,
} from './hubLimits';

/** What the Hub says of a repository. */
export interface RepositoryInfo {
  /** That the revision stands for now. */
  readonly commit: string;
  readonly licence?: string;
  /** As the author wrote them, which should be BCP 47. */
  readonly languages: readonly string[];
}

/** A file of a commit. */
export interface RepositoryFile {
  /** With `/`; not to be trusted. */
  readonly path: string;
  readonly bytes: number;
  /** Name of its blob in the cache: the SHA-256 of a large file, the git object id (SHA-1) of any other. */
  readonly oid: string;
  /** What its content has to be besides, because somebody we trust more than the Hub says so. */
  readonly sha256?: string;
}

const CONNECT_TIMEOUT_MS = 15_000;

const oidPattern = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * Talks to a Hub, in the name of one repository. To be closed after use.
 *
 * It asks `@huggingface/hub` for commits and lists of files, through a `fetch` of ours: Node.js 20 has none that
 * knows proxies, and the library takes tokens of the Hub's own form only. It does not download with it, since
 * `downloadFileToCacheDir` neither resumes nor locks nor compares checksums, names the snapshot after the last
 * commit that touched the file, and writes to standard output, which may be a connection of ours.
 */
export class HubClient {
  readonly #environment: HubEnvironment;
  readonly #repo: string;
  readonly #origin: string;
  readonly #token: string | undefined;
  readonly #fetch: typeof undiciFetch;
  readonly #agent: EnvHttpProxyAgent;
  readonly #timeouts: HubTimeouts;

  private constructor(
    environment: HubEnvironment,
    repo: string,
    origin: string,
    fetch: typeof undiciFetch,
    agent: EnvHttpProxyAgent,
    timeouts: HubTimeouts,
  ) {
    this.#environment = environment;
    this.#repo = repo;
    this.#origin = origin;
    this.#token = readToken(environment);
    this.#fetch = fetch;
    this.#agent = agent;
    this.#timeouts = timeouts;
  }

  /** @throws HubError where the Hub must not be asked, or cannot be a Hub. */
  static async open(
    environment: HubEnvironment,
    repo: string,
    timeouts: HubTimeouts = hubTimeouts,
  ): Promise<HubClient> {
    if (environment.offline) throw offlineError(repo);
    const { endpoint, proxies } = environment;
    if (!/^https?:/.test(endpoint) || !URL.canParse(endpoint)) throw answerError(endpoint);
    // Half a megabyte of code that only downloads need.
    const { EnvHttpProxyAgent, fetch } = await import('undici');
    const agent = new EnvHttpProxyAgent({
      httpProxy: proxies.http,
      httpsProxy: proxies.https,
      noProxy: proxies.exceptions,
      connect: { timeout: CONNECT_TIMEOUT_MS },
      headersTimeout: timeouts.silenceMs,
      bodyTimeout: timeouts.silenceMs,
    });
    return new HubClient(environment, repo, new URL(endpoint).origin, fetch, agent, timeouts);
  }

  get host(): string {
    return new URL(this.#origin).host;
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }

  /** @throws HubError */
  async info(revision: string, signal: AbortSignal): Promise<RepositoryInfo> {
    const { sha, cardData } = await this.#ask(
      modelInfo({
        ...this.#target(signal),
        name: this.#repo,
        revision,
        additionalFields: ['sha', 'cardData'],
      }),
      signal,
    );
    if (typeof sha !== 'string' || !isCommit(sha)) throw answerError(this.host);
    const card: Readonly<Record<string, unknown>> = { ...cardData };
    const licence = texts(card['license'])[0];
    return {
      commit: sha,
      ...(licence !== undefined && { licence }),
      languages: texts(card['language']).slice(0, mostLanguages),
    };
  }

  /** @throws HubError */
  async files(commit: string, signal: AbortSignal): Promise<readonly RepositoryFile[]> {
    const entries = listFiles({
      ...this.#target(signal),
      repo: { type: 'model', name: this.#repo },
      revision: commit,
      recursive: true,
    });
    const found: RepositoryFile[] = [];
    const collect = async () => {
      for await (const entry of entries) {
        if (entry.type === 'file') found.push(this.#toFile(entry));
        if (found.length > mostFiles) throw longListError(this.host);
      }
    };
    await this.#ask(collect(), signal);
    return found;
  }

  /**
   * Begins to read a file.
   *
   * @param offset how many of its bytes are not wanted, if the Hub can do without.
   * @returns an answer of status 206 (the rest) or 200 (all of it).
   * @throws HubError
   */
  read(commit: string, path: string, offset: number, signal: AbortSignal): Promise<Response> {
    const name = path.split('/').map(encodeURIComponent).join('/');
    return this.#get(`${this.#environment.endpoint}/${this.#repo}/resolve/${commit}/${name}`, {
      // A compressed answer has neither the announced length nor positions that mean anything.
      headers: { 'accept-encoding': 'identity', ...(offset > 0 && { range: `bytes=${offset}-` }) },
      signal,
    });
  }

  /** Reads a small file. @throws EngineError where it is none, longer than announced, or no JSON. */
  async readJson(commit: string, { path, bytes }: RepositoryFile, signal: AbortSignal): Promise<unknown> {
    if (bytes > mostJsonBytes) throw largeAnswerError(this.host, mostJsonBytes);
    const answer = await this.#readWhole((both) => this.read(commit, path, 0, both), bytes, signal);
    try {
      return parseJson(answer.text);
    } catch (error) {
      if (error instanceof JsonError) throw new EngineError(`${this.#repo}/${path} is ${error.message}.`);
      throw error;
    }
  }

  get #subject(): RequestSubject {
    return {
      repo: this.#repo,
      page: `${this.#environment.endpoint}/${this.#repo}`,
      host: this.host,
      hasToken: this.#token !== undefined,
    };
  }

  /** What the functions of the library have in common. It asks for one page after the other, and for all of each. */
  #target(signal: AbortSignal) {
    let pages = 0;
    const get = async (url: string, { headers }: { readonly headers?: Record<string, string> } = {}) => {
      if (++pages > mostPages) throw longListError(this.host);
      const answer = await this.#readWhole(
        (both) => this.#get(url, { headers: headers ?? {}, signal: both }),
        mostAnswerBytes,
        signal,
      );
      return new globalThis.Response(answer.text, { headers: [...answer.headers] });
    };
    return { hubUrl: this.#environment.endpoint, fetch: get as unknown as typeof fetch };
  }

  /**
   * Reads all of an answer that is small.
   *
   * @throws HubError where it is not, or takes too long however steadily it comes.
   */
  async #readWhole(
    ask: (signal: AbortSignal) => Promise<Response>,
    mostBytes: number,
    signal: AbortSignal,
  ): Promise<{ readonly text: string; readonly headers: Response['headers'] }> {
    const deadline = AbortSignal.timeout(this.#timeouts.answerMs);
    try {
      const { body, headers } = await ask(AbortSignal.any([signal, deadline]));
      const pieces: Uint8Array[] = [];
      let bytes = 0;
      for await (const piece of (body ?? []) as AsyncIterable<Uint8Array>) {
        bytes += piece.byteLength;
        if (bytes > mostBytes) throw largeAnswerError(this.host, mostBytes);
        pieces.push(piece);
      }
      return { text: Buffer.concat(pieces).toString('utf8'), headers };
    } catch (error) {
      signal.throwIfAborted();
      if (deadline.aborted) throw networkError('ETIMEDOUT', this.host);
      throw error instanceof HubError ? error : networkError(error, this.host);
    }
  }

  /** @throws HubError unless it is answered with success. */
  async #get(
    url: string,
    { headers, signal }: { readonly headers: Record<string, string>; readonly signal: AbortSignal },
  ): Promise<Response> {
    // A list may go on elsewhere; where a request is redirected elsewhere, `fetch` drops the token itself.
    const isOurs = new URL(url).origin === this.#origin;
    const authorization = isOurs && this.#token !== undefined && { authorization: `Bearer ${this.#token}` };
    let response: Response;
    try {
      response = await this.#fetch(url, {
        headers: { 'user-agent': 'subtext', ...headers, ...authorization },
        dispatcher: this.#agent,
        signal,
      });
    } catch (error) {
      signal.throwIfAborted();
      throw networkError(error, this.host);
    }
    if (response.ok) return response;
    await response.body?.cancel();
    throw statusError(response, this.#subject);
  }

  /** What the library stumbles over is an answer that came in full. */
  async #ask<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof HubError ? error : answerError(this.host);
    }
  }

  #toFile({ path, size, oid, lfs }: ListFileEntry): RepositoryFile {
    const id = lfs?.oid ?? oid;
    const bytes = lfs?.size ?? size;
    const isPath = typeof path === 'string' && path.length <= mostPathCharacters;
    const isSize = Number.isSafeInteger(bytes) && bytes >= 0 && bytes <= mostFileBytes;
    if (!isPath || !isSize || typeof id !== 'string' || !oidPattern.test(id))
      throw listingError(this.host, path);
    return { path, bytes, oid: id };
  }
}

/** A text, or a list of them; what else people write there is left out, and so is what is too long for a name. */
const texts = (value: unknown): readonly string[] =>
  [value]
    .flat()
    .filter(
      (item): item is string => typeof item === 'string' && item !== '' && item.length <= mostNameCharacters,
    );
