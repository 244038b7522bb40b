import { type Setting, type SettingKey, type Settings, settingsSchema } from './schema';

const keys = Object.keys(settingsSchema) as SettingKey[];

export const defaultSettings: Settings = Object.fromEntries(
  keys.map((key) => [key, settingsSchema[key].default]),
) as unknown as Settings;

/** A setting that a user wrote and that cannot be used. */
export interface SettingProblem {
  readonly key: SettingKey;
  /** For a person, for instance `expected a number from 0 to 1`. */
  readonly expected: string;
}

/**
 * Reads the section `subtext` as a client sends it: nested objects (`{entities: {threshold: 0.5}}`), flat keys
 * (`{'entities.threshold': 0.5}`) or a mixture. Whatever is absent or unusable has its default.
 */
export function parseSettings(section: unknown): { settings: Settings; problems: readonly SettingProblem[] } {
  const problems: SettingProblem[] = [];
  const entries = keys.map((key) => {
    const setting: Setting = settingsSchema[key];
    const value = lookUp(section, key);
    if (value === undefined || value === null) return [key, setting.default];
    const expected = whatIsExpected(setting, value);
    if (expected === undefined) return [key, value];
    problems.push({ key, expected });
    return [key, setting.default];
  });
  return { settings: Object.fromEntries(entries) as unknown as Settings, problems };
}

function lookUp(section: unknown, key: string): unknown {
  if (typeof section !== 'object' || section === null) return undefined;
  const record = section as Record<string, unknown>;
  if (key in record) return record[key];
  const dot = key.indexOf('.');
  return dot < 0 ? undefined : lookUp(record[key.slice(0, dot)], key.slice(dot + 1));
}

/** @returns undefined when the value is usable. */
function whatIsExpected(setting: Setting, value: unknown): string | undefined {
  switch (setting.type) {
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'true or false';
    case 'integer':
    case 'number':
    case 'number?': {
      const { minimum, maximum, type } = setting;
      const kind = type === 'integer' ? Number.isInteger(value) : Number.isFinite(value);
      const usable = kind && (value as number) >= minimum && (value as number) <= maximum;
      return usable
        ? undefined
        : `${type === 'integer' ? 'a whole' : 'a'} number from ${minimum} to ${maximum}`;
    }
    case 'string':
      return typeof value === 'string' && value.trim() !== '' ? undefined : setting.form;
    case 'string[]':
      return Array.isArray(value) && value.every((item) => typeof item === 'string')
        ? undefined
        : 'a list of strings';
    case 'numbers': {
      const { minimum, maximum } = setting;
      const isUsable = (one: unknown) => typeof one === 'number' && one >= minimum && one <= maximum;
      return typeof value === 'object' && !Array.isArray(value) && Object.values(value ?? {}).every(isUsable)
        ? undefined
        : `an object with numbers from ${minimum} to ${maximum}`;
    }
    case 'strings': {
      const isUsable = (one: unknown) => typeof one === 'string' && one.trim() !== '';
      return typeof value === 'object' && !Array.isArray(value) && Object.values(value ?? {}).every(isUsable)
        ? undefined
        : setting.form;
    }
    case 'enum':
      return typeof value === 'string' && Object.hasOwn(setting.values, value)
        ? undefined
        : `one of ${Object.keys(setting.values).join(', ')}`;
  }
}
