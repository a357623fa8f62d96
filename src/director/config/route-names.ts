// Names that iproute2 has for numbers: scopes and tables of routes (its rt_scopes and rt_tables as they are shipped).
import { integer } from './types.ts';
import type { ValueType } from './vocabulary.ts';

const SCOPES: Readonly<Record<string, number>> = {
  global: 0,
  universe: 0,
  site: 200,
  link: 253,
  host: 254,
  nowhere: 255,
};

const TABLES: Readonly<Record<string, number>> = { default: 253, main: 254, local: 255 };

/** A name, or a number up to `most`. */
function named(name: string, names: Readonly<Record<string, number>>, most: number): ValueType<number> {
  const number = integer(0, most);
  return {
    name,
    description: `one of ${Object.keys(names).join(', ')}, or a number up to ${most}`,
    parse: word => (Object.hasOwn(names, word) ? names[word] : number.parse(word)),
  };
}

export const scope: ValueType<number> = named('SCOPE', SCOPES, 255);

export const table: ValueType<number> = named('TABLE', TABLES, 0xffffffff);
