import { describe, expect, it } from 'vitest';
import { defaultSettings, parseSettings } from '../../../server/src/settings/settings';

describe('parseSettings', () => {
  it('takes nested, flat and absent values', () => {
    const { settings, problems } = parseSettings({
      entities: { threshold: 0.25, enabled: false },
      'sentiment.threshold': 1,
      languages: ['latex'],
      'inference.threads': null,
    });
    expect(problems).toEqual([]);
    expect(settings).toEqual({
      ...defaultSettings,
      'entities.threshold': 0.25,
      'entities.enabled': false,
      'sentiment.threshold': 1,
      languages: ['latex'],
    });
  });

  it.each([
    ['enabled', 'yes', 'true or false'],
    ['entities.threshold', 1.5, 'a number from 0 to 1'],
    ['entities.threshold', Number.NaN, 'a number from 0 to 1'],
    ['entities.aggregation', 'most', 'one of auto, none, simple, first, average, max'],
    ['entities.aggregation', 'toString', 'one of auto, none, simple, first, average, max'],
    ['fillMask.candidates', 2.5, 'a whole number from 1 to 100'],
    ['languages', ['a', 1], 'a list of strings'],
  ])('falls back to the default of %s for %j and says what is expected', (key, value, expected) => {
    const { settings, problems } = parseSettings({ [key]: value });
    expect(settings).toEqual(defaultSettings);
    expect(problems).toEqual([{ key, expected }]);
  });

  it.each([undefined, null, 'nonsense', 7, []])('has the defaults for %j', (section) => {
    expect(parseSettings(section)).toEqual({ settings: defaultSettings, problems: [] });
  });
});
