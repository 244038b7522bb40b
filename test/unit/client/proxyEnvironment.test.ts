import { expect, test } from 'vitest';
import { proxyEnvironment } from '../../../client/src/server/proxyEnvironment';

const proxy = 'http://proxy.example:3128';

test.each([
  ['no proxy', {}, {}, {}],
  ['an empty setting', { proxy: '', noProxy: ['intra'] }, {}, {}],
  ['a proxy', { proxy }, { PATH: '/bin' }, { HTTPS_PROXY: proxy, HTTP_PROXY: proxy }],
  [
    'exceptions',
    { proxy, noProxy: ['intra', '.example'] },
    {},
    { HTTPS_PROXY: proxy, HTTP_PROXY: proxy, NO_PROXY: 'intra,.example' },
  ],
  ['a proxy in the environment', { proxy }, { https_proxy: 'http://other' }, {}],
])('%s', (_, settings, environment, expected) => {
  expect(proxyEnvironment(settings, environment)).toEqual(expected);
});
