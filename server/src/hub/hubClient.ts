import { type ListFileEntry, listFiles, modelInfo } from '@huggingface/hub';
import type { EnvHttpProxyAgent, Response, fetch as undiciFetch } from 'undici';
import { isCommit } from './hubCache';
import { type HubEnvironment, readToken } from './hubEnvironment';
import { HubError } from './hubError';
import { answerError, networkError, offlineError, type RequestSubject, statusError } from './hubFailures';

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
/** Without a byte for so long, the connection counts as broken. */
const SILENCE_TIMEOUT_MS = 60_000;

/** No configuration of a model comes near it. */
const MOST_JSON_BYTES = 1e7;

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

  private constructor(
    environment: HubEnvironment,
    repo: string,
    origin: string,
    fetch: typeof undiciFetch,
    agent: EnvHttpProxyAgent,
  ) {
    this.#environment = environment;
    this.#repo = repo;
    this.#origin = origin;
    this.#token = readToken(environment);
    this.#fetch = fetch;
    this.#agent = agent;
  }

  /** @throws HubError where the Hub must not be asked, or cannot be a Hub. */
  static async open(environment: HubEnvironment, repo: string): Promise<HubClient> {
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
      headersTimeout: SILENCE_TIMEOUT_MS,
      bodyTimeout: SILENCE_TIMEOUT_MS,
    });
    return new HubClient(environment, repo, new URL(endpoint).origin, fetch, agent);
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
    if (!isCommit(sha)) throw answerError(this.host);
    const card: Readonly<Record<string, unknown>> = { ...cardData };
    const licence = texts(card['license'])[0];
    return {
      commit: sha,
      ...(licence !== undefined && { licence }),
      languages: texts(card['language']),
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
      for await (const entry of entries) if (entry.type === 'file') found.push(this.#toFile(entry));
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

  /** Reads a small file. @throws HubError where it is none, or no JSON. */
  async readJson(commit: string, { path, bytes }: RepositoryFile, signal: AbortSignal): Promise<unknown> {
    if (bytes > MOST_JSON_BYTES) throw answerError(this.host);
    const response = await this.read(commit, path, 0, signal);
    return this.#ask(response.json(), signal);
  }

  get #subject(): RequestSubject {
    return {
      repo: this.#repo,
      page: `${this.#environment.endpoint}/${this.#repo}`,
      host: this.host,
      hasToken: this.#token !== undefined,
    };
  }

  /** What the functions of the library have in common. */
  #target(signal: AbortSignal) {
    const get = (url: string, { headers }: { readonly headers?: Record<string, string> } = {}) =>
      this.#get(url, { headers: headers ?? {}, signal });
    return { hubUrl: this.#environment.endpoint, fetch: get as unknown as typeof fetch };
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

  /** Once a request has succeeded, what the library stumbles over is the answer, unless that broke off. */
  async #ask<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof HubError) throw error;
      const brokeOff = error instanceof Error && error.cause !== undefined;
      throw brokeOff ? networkError(error, this.host) : answerError(this.host);
    }
  }

  #toFile({ path, size, oid, lfs }: ListFileEntry): RepositoryFile {
    const id = lfs?.oid ?? oid;
    if (typeof path !== 'string' || !Number.isSafeInteger(size) || id === undefined || !oidPattern.test(id)) {
      throw answerError(this.host);
    }
    return { path, bytes: lfs?.size ?? size, oid: id };
  }
}

/** A text, or a list of them; what else people write there is left out. */
const texts = (value: unknown): readonly string[] =>
  [value].flat().filter((item): item is string => typeof item === 'string' && item !== '');
