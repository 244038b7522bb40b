import { describe, expect, it } from 'vitest';
import { createLinkScanner, findLinks } from '../../../server/src/core/text/links';

const links = (text: string): string[] => findLinks(text).map(({ start, end }) => text.slice(start, end));

describe('findLinks', () => {
  it.each([
    ['See https://example.org/a?b=c#d, or not.', ['https://example.org/a?b=c#d']],
    ['(https://example.org/a_(b)) [http://x.org]', ['https://example.org/a_(b)', 'http://x.org']],
    ['ftp://f.org! www.example.org? mailto:a@b.org.', ['ftp://f.org', 'www.example.org', 'mailto:a@b.org']],
    ['Write to anne.o+x@mail.example.org.', ['anne.o+x@mail.example.org']],
    ['请访问https://example.org。谢谢，再见', ['https://example.org']],
    ['詳しくはhttps://example.org/をご覧ください', ['https://example.org/']],
    ['https://de.wikipedia.org/wiki/München ist schön', ['https://de.wikipedia.org/wiki/München']],
    ['زر https://example.org/مرحبا الآن', ['https://example.org/مرحبا']],
    ['👍https://example.org👍', ['https://example.org']],
    ['![](data:image/png;base64,AAAA==)', ['data:image/png;base64,AAAA==']],
    ['https:// http://. www. a@b @c.org data: xhttps://y', []],
  ])('%s', (text, expected) => {
    expect(links(text)).toEqual(expected);
  });
});

it('scans for a link at one place', () => {
  const linkEnd = createLinkScanner();
  const text = 'see www.a.org.';
  expect([0, 4, 5].map((offset) => linkEnd(text, offset))).toEqual([-1, 13, -1]);
});
