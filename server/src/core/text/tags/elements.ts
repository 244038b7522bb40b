/** How elements of HTML and of well-known kinds of XML stand to the text around them. */
export type ElementRole =
  /** Begins and ends a block. */
  | 'block'
  /** Part of the sentence around. */
  | 'inline'
  /** A block without prose. */
  | 'hidden'
  /** Something within a sentence that is no prose. */
  | 'gap'
  /** Within a sentence, and nothing to read. */
  | 'aside'
  | 'lineBreak'
  /** Not known by its name. */
  | 'custom';

const names: Readonly<Record<Exclude<ElementRole, 'custom'>, string>> = {
  inline:
    'a abbr acronym b bdi bdo big cite data del dfn em font i img ins label mark nobr output q rb ruby s slot small span strike strong sub sup time u wbr emphasis link ulink quote citetitle foreignphrase firstterm g x ph bpt ept xliff:g',
  gap: 'code kbd math samp svg tt var literal filename command option parameter function varname constant',
  aside: 'rp rt footnoteref indexterm',
  hidden:
    'pre script style noscript textarea template-code object iframe canvas programlisting screen xsl:template',
  lineBreak: 'br',
  block:
    'address article aside audio base blockquote body button caption center col colgroup dd details dialog dir div dl dt fieldset figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html input legend li link main map menu meta nav ol optgroup option p param picture progress search section select source summary table tbody td template tfoot th thead title tr track ul video',
};

const roles: ReadonlyMap<string, ElementRole> = new Map(
  Object.entries(names).flatMap(([role, list]) =>
    list.split(' ').map((name) => [name, role as ElementRole] as const),
  ),
);

export const elementRole = (name: string): ElementRole =>
  /[A-Z-]/.test(name[0] ?? '') && name !== name.toUpperCase()
    ? 'custom'
    : (roles.get(name.toLowerCase()) ?? 'custom');
