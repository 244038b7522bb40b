import type { Localization } from '../localization';

/** An entity type in words; types that are not known keep their name. */
export function entityTypeName(type: string, l10n: Localization): string {
  switch (type) {
    case 'PER':
      return l10n.t('Person');
    case 'ORG':
      return l10n.t('Organization');
    case 'LOC':
      return l10n.t('Location');
    case 'MISC':
      return l10n.t('Miscellaneous');
    default:
      return type;
  }
}

/** A sentiment label in words; labels that are not known keep their name. */
export function sentimentName(label: string, l10n: Localization): string {
  switch (label) {
    case 'negative':
      return l10n.t('negative');
    case 'neutral':
      return l10n.t('neutral');
    case 'positive':
      return l10n.t('positive');
    default:
      return label;
  }
}
