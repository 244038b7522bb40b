import { t } from '@vscode/l10n';
import type { Response } from 'undici';
import { HubError } from './hubError';
import { mostPathCharacters } from './hubLimits';

/** What a request was about, for messages. */
export interface RequestSubject {
  readonly repo: string;
  /** Where a person reads about the repository, and accepts its terms. */
  readonly page: string;
  readonly host: string;
  readonly hasToken: boolean;
}

export const offlineError = (repo: string): HubError =>
  new HubError(
    t(
      '{0} cannot be downloaded: the environment variable HF_HUB_OFFLINE forbids it. Unset it and start again.',
      repo,
    ),
    false,
  );

/** Why the Hub did not give what was asked for. @param response its status is not a success. */
export function statusError(response: Response, subject: RequestSubject): HubError {
  const { repo, page, host, hasToken } = subject;
  const { status, headers } = response;
  const code = headers.get('x-error-code');
  if (code === 'GatedRepo') {
    return new HubError(
      hasToken
        ? t('{0} is only for those who accepted its terms. Do so on {1}, then try again.', repo, page)
        : t('{0} is only for those who accepted its terms. Do so on {1}, then set HF_TOKEN.', repo, page),
      false,
    );
  }
  if (code === 'RevisionNotFound') {
    return new HubError(t('{0} has no such revision. Check what stands behind the @.', repo), false);
  }
  switch (status) {
    case 401:
      return new HubError(
        hasToken
          ? t('{0} does not accept the access token. Check HF_TOKEN, and the spelling of {1}.', host, repo)
          : t('{0} does not exist or is private. Check the spelling; for private ones set HF_TOKEN.', repo),
        false,
      );
    case 403:
      return new HubError(
        hasToken
          ? t('{0} may not be read with this access token. Use another one; see {1}.', repo, page)
          : t('{0} may only be read with an access token. Set HF_TOKEN; see {1}.', repo, page),
        false,
      );
    case 404:
    case 410:
      return new HubError(t('{0} was not found on {1}. Check the spelling.', repo, host), false);
    case 429: {
      const seconds = readRetryAfter(headers.get('retry-after'));
      return seconds === undefined
        ? new HubError(t('{0} gets too many requests from here. Try again later.', host), true)
        : new HubError(
            t('{0} gets too many requests from here. Try again in {1} seconds.', host, seconds),
            true,
            seconds,
          );
    }
    default:
      return status >= 500
        ? new HubError(
            t('{0} does not work at the moment (status {1}). Try again later.', host, status),
            true,
          )
        : new HubError(
            t('{0} gave an answer that makes no sense (status {1}). Check HF_ENDPOINT.', host, status),
            false,
          );
  }
}

/** @param value seconds, or the date of a day in the year; the header allows both. */
function readRetryAfter(value: string | null): number | undefined {
  if (value === null) return undefined;
  const seconds = /^\d+$/.test(value) ? Number(value) : Math.ceil((Date.parse(value) - Date.now()) / 1000);
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}

/** Answers of the Hub that are not what its protocol says; a proxy's log-in page, for instance. */
export const answerError = (host: string): HubError =>
  new HubError(
    t('{0} does not answer like a Hugging Face Hub. Check HF_ENDPOINT and the proxy.', host),
    false,
  );

/** What never ends, or is meant to fill the memory. */
export const largeAnswerError = (host: string, mostBytes: number): HubError =>
  new HubError(
    t(
      '{0} sent more than {1} MB where far less is due. Check HF_ENDPOINT and the proxy.',
      host,
      mostBytes / BYTES_PER_MEGABYTE,
    ),
    false,
  );

/** A list of files that names something that cannot be. @param path as the list has it, if it has a path at all. */
export const listingError = (host: string, path: unknown): HubError =>
  new HubError(
    t(
      '{0} lists the file {1} without a size or a checksum that could be true. Check HF_ENDPOINT and the proxy.',
      host,
      JSON.stringify(String(path).slice(0, mostPathCharacters)),
    ),
    false,
  );

export const longListError = (host: string): HubError =>
  new HubError(t('{0} lists more files than any model has. Check HF_ENDPOINT and the proxy.', host), false);

/** Why there was no answer at all, or why it broke off. */
export function networkError(error: unknown, host: string): HubError {
  const code = codeOf(error);
  return /CERT|SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET)|ALTNAME/.test(code)
    ? new HubError(
        t(
          '{0} shows a certificate that is not trusted here ({1}). Set NODE_EXTRA_CA_CERTS to that of your network.',
          host,
          code,
        ),
        false,
      )
    : new HubError(
        t(
          '{0} cannot be reached ({1}). Check the network, and HTTPS_PROXY where there is a proxy; what has arrived is kept.',
          host,
          code,
        ),
        true,
      );
}

/** The innermost error that says what it is: `ENOTFOUND`, `ECONNRESET`, `UND_ERR_SOCKET`, … */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inner = error.cause === undefined ? undefined : codeOf(error.cause);
  return inner ?? (error as NodeJS.ErrnoException).code ?? error.message;
}

export const hostileNameError = (repo: string, path: string): HubError =>
  new HubError(
    t(
      '{0} has a file with a name that is not allowed: {1}. It was not downloaded; do not use it.',
      repo,
      JSON.stringify(path),
    ),
    false,
  );

export const checksumError = (repo: string, path: string, host: string): HubError =>
  new HubError(
    t(
      '{0} of {1} arrived from {2} with another content than announced, and was thrown away. Try again; if that does not help, do not use this source.',
      path,
      repo,
      host,
    ),
    true,
  );

/** The repository does not hold what the catalogue names. */
export const otherContentError = (repo: string, path: string): HubError =>
  new HubError(
    t(
      '{0} of {1} is not what the catalogue of Subtext says, and was not installed. Do not use this source.',
      path,
      repo,
    ),
    false,
  );

export const spaceError = (folder: string, missingBytes: number): HubError =>
  new HubError(
    t(
      'There is not enough space in {0}: {1} MB more are needed. Make room, or set HF_HUB_CACHE, and try again.',
      folder,
      Math.ceil(missingBytes / BYTES_PER_MEGABYTE),
    ),
    true,
  );

const BYTES_PER_MEGABYTE = 1e6;

/** @param error from the file system; any other is given back as it is. */
export function fileError(error: unknown, folder: string, missingBytes: number): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') return spaceError(folder, missingBytes);
  if (code === undefined || !(error instanceof Error) || !('syscall' in error)) return error;
  return new HubError(
    t(
      '{0} cannot be written to ({1}). Set its permissions, or HF_HUB_CACHE to another folder.',
      folder,
      code,
    ),
    true,
  );
}

/** The file system does not let go of a file, as Windows does while a model is loaded. */
export const removalError = (repo: string, code: string): HubError =>
  new HubError(
    t(
      '{0} cannot be removed ({1}): another window or program may be using it. Close that and try again.',
      repo,
      code,
    ),
    true,
  );
