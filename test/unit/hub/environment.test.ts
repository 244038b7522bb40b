import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readHubEnvironment, readToken } from '../../../server/src/hub/hubEnvironment';

const home = join('/', 'home', 'ada');
const read = (variables: NodeJS.ProcessEnv) => readHubEnvironment(variables, home);

describe('the environment of the Hub', () => {
  it('has defaults', () => {
    expect(read({})).toEqual({
      endpoint: 'https://huggingface.co',
      cacheDir: join(home, '.cache/huggingface/hub'),
      tokenFile: join(home, '.cache/huggingface/token'),
      offline: false,
      symlinks: true,
      proxies: { http: '', https: '', exceptions: '' },
    });
  });

  it.each<[NodeJS.ProcessEnv, string]>([
    [{ XDG_CACHE_HOME: '/xdg' }, '/xdg/huggingface/hub'],
    [{ HF_HOME: '/hf', XDG_CACHE_HOME: '/xdg' }, '/hf/hub'],
    [{ HF_HOME: '~/hf' }, join(home, 'hf/hub')],
    [{ HF_HOME: '/hf', HUGGINGFACE_HUB_CACHE: '/old' }, '/old'],
    [{ HF_HOME: '/hf', HUGGINGFACE_HUB_CACHE: '/old', HF_HUB_CACHE: '/new' }, '/new'],
    [{ HF_HOME: '/hf', HF_HUB_CACHE: '' }, '/hf/hub'],
  ])('%j: the cache is %s', (variables, cacheDir) => {
    expect(read(variables).cacheDir).toBe(join(cacheDir));
  });

  it.each<[NodeJS.ProcessEnv, boolean]>([
    [{ HF_HUB_OFFLINE: '1' }, true],
    [{ HF_HUB_OFFLINE: 'true' }, true],
    [{ TRANSFORMERS_OFFLINE: 'ON' }, true],
    [{ HF_HUB_OFFLINE: '0' }, false],
    [{ HF_HUB_OFFLINE: '' }, false],
  ])('%j: offline is %j', (variables, offline) => {
    expect(read(variables).offline).toBe(offline);
  });

  it('has an endpoint without a slash at the end, and proxies', () => {
    const variables = {
      HF_ENDPOINT: 'https://mirror.example/',
      https_proxy: 'http://a',
      HTTPS_PROXY: 'http://b',
    };
    expect(read(variables)).toMatchObject({
      endpoint: 'https://mirror.example',
      proxies: { https: 'http://a' },
    });
  });

  it('has the token of the variable, else of the file, as it is at the moment', () => {
    const folder = mkdtempSync(join(tmpdir(), 'subtext-token-'));
    try {
      const environment = read({ HF_HOME: folder });
      expect(readToken(environment)).toBeUndefined();
      writeFileSync(join(folder, 'token'), ' filed\n');
      expect(readToken(environment)).toBe('filed');
      expect(readToken(read({ HF_HOME: folder, HF_TOKEN: ' set ' }))).toBe('set');
      expect(readToken(read({ HF_HOME: '/nowhere', HF_TOKEN_PATH: join(folder, 'token') }))).toBe('filed');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
