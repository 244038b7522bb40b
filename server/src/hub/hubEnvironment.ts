import { join } from 'node:path';
import { readRegularFileSync } from '../files/regularFile';

/** Where the Hub and its cache are; the same variables as Python's huggingface_hub reads, with the same meaning. */
export interface HubEnvironment {
  /** Without a slash at the end. */
  readonly endpoint: string;
  /** Absolute path of the folder that holds `models--owner--name`. */
  readonly cacheDir: string;
  /** From the environment; else it is in `tokenFile`, if anywhere. */
  readonly token?: string;
  readonly tokenFile: string;
  /** Nothing is to be asked of the Hub. */
  readonly offline: boolean;
  /** Whether snapshots may link to blobs. */
  readonly symlinks: boolean;
  readonly proxies: { readonly http: string; readonly https: string; readonly exceptions: string };
}

const DEFAULT_ENDPOINT = 'https://huggingface.co';

/** @param home the user's home directory. */
export function readHubEnvironment(variables: NodeJS.ProcessEnv, home: string): HubEnvironment {
  /** The first that is set; an empty variable counts as absent. */
  const read = (...names: readonly string[]): string | undefined =>
    names.map((name) => variables[name]?.trim()).find((value) => value);
  const folder = (path: string): string => path.replace(/^~(?=$|[/\\])/, home);
  const isOn = (...names: readonly string[]): boolean => /^(?:1|on|yes|true)$/i.test(read(...names) ?? '');

  const hubHome = folder(
    read('HF_HOME') ?? join(read('XDG_CACHE_HOME') ?? join(home, '.cache'), 'huggingface'),
  );
  const token = read('HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN');
  return {
    endpoint: (read('HF_ENDPOINT') ?? DEFAULT_ENDPOINT).replace(/\/+$/, ''),
    cacheDir: folder(read('HF_HUB_CACHE', 'HUGGINGFACE_HUB_CACHE') ?? join(hubHome, 'hub')),
    ...(token !== undefined && { token }),
    tokenFile: folder(read('HF_TOKEN_PATH') ?? join(hubHome, 'token')),
    offline: isOn('HF_HUB_OFFLINE', 'TRANSFORMERS_OFFLINE'),
    symlinks: !isOn('HF_HUB_DISABLE_SYMLINKS'),
    proxies: {
      http: read('http_proxy', 'HTTP_PROXY') ?? '',
      https: read('https_proxy', 'HTTPS_PROXY') ?? '',
      exceptions: read('no_proxy', 'NO_PROXY') ?? '',
    },
  };
}

const mostTokenBytes = 10_000;

/** @returns the token of whoever is logged in; undefined where nobody is. Read anew each time. */
export function readToken({ token, tokenFile }: HubEnvironment): string | undefined {
  if (token !== undefined) return token;
  const content = readRegularFileSync(tokenFile, mostTokenBytes);
  return ('bytes' in content && content.bytes.toString('utf8').trim()) || undefined;
}
