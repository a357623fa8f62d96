// Checks a value against a JSON schema, as far as the schemas in this folder need: no library, and nothing taken on trust.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly anyOf?: readonly Schema[];
}

const KNOWN = new Set([
  ...[
    '$schema',
    '$id',
    'title',
    'description',
    '$ref',
    '$defs',
    'type',
    'const',
    'enum',
    'minimum',
    'maximum',
  ],
  ...['items', 'properties', 'required', 'additionalProperties', 'anyOf'],
]);

/** What is wrong with `value` by `test/schemas/NAME.json`, one line for each deviation. */
export function validate(name: string, value: unknown): string[] {
  const files = new Map<string, Schema>();
  const load = (file: string): Schema => {
    const known = files.get(file);
    if (known) return known;
    const schema: Schema = JSON.parse(readFileSync(join(import.meta.dirname, file), 'utf8'));
    files.set(file, schema);
    return schema;
  };
  return check(load, `${name}.json`, load(`${name}.json`), value, '$');
}

type Load = (file: string) => Schema;

function check(load: Load, file: string, schema: Schema, value: unknown, path: string): string[] {
  for (const keyword of Object.keys(schema)) {
    if (!KNOWN.has(keyword)) throw new Error(`${file}: this validator does not know ${keyword}`);
  }
  if (schema.$ref !== undefined) return follow(load, file, schema.$ref, value, path);
  if (schema.anyOf !== undefined) {
    const tried = schema.anyOf.map(each => check(load, file, each, value, path));
    return tried.some(problems => problems.length === 0) ? [] : tried.flat();
  }
  const problems: string[] = [];
  const wrong = (what: string) => problems.push(`${path}: ${JSON.stringify(value)} is not ${what}`);
  if (schema.const !== undefined && value !== schema.const) wrong(JSON.stringify(schema.const));
  if (schema.enum !== undefined && !schema.enum.includes(value)) wrong(`one of ${schema.enum.join(', ')}`);
  if (schema.type !== undefined && ![schema.type].flat().some(type => hasType(value, type))) {
    wrong(`of type ${schema.type}`);
  }
  if (typeof value === 'number') {
    if (value < (schema.minimum ?? value)) wrong(`at least ${schema.minimum}`);
    if (value > (schema.maximum ?? value)) wrong(`at most ${schema.maximum}`);
  }
  if (Array.isArray(value) && schema.items) {
    const { items } = schema;
    problems.push(...value.flatMap((item, at) => check(load, file, items, item, `${path}[${at}]`)));
  }
  if (hasType(value, 'object')) problems.push(...checkObject(load, file, schema, value as object, path));
  return problems;
}

function checkObject(load: Load, file: string, schema: Schema, value: object, path: string): string[] {
  const { properties = {}, required = [], additionalProperties = true } = schema;
  const missing = required.filter(name => !(name in value)).map(name => `${path}: ${name} is missing`);
  const fields = Object.entries(value).flatMap(([name, field]) => {
    const shape = properties[name];
    if (shape) return check(load, file, shape, field, `${path}.${name}`);
    return additionalProperties ? [] : [`${path}: ${name} is not in the schema`];
  });
  return [...missing, ...fields];
}

/** `other.json`, `#/$defs/name` or `other.json#/$defs/name` */
function follow(load: Load, file: string, reference: string, value: unknown, path: string): string[] {
  const [other, pointer = ''] = reference.split('#');
  const target = other || file;
  const name = pointer.replace('/$defs/', '');
  const schema = name === '' ? load(target) : load(target).$defs?.[name];
  if (schema === undefined) throw new Error(`${file}: nothing at ${reference}`);
  return check(load, target, schema, value, path);
}

function hasType(value: unknown, type: string): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}
