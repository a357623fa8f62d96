// The bill of materials of an image: CycloneDX 1.6 (ECMA-424) with every component, its version, licence and hashes. It carries no
// time and no serial number, so that the same image has the same bill.
import { type Component, sha256 } from './step.ts';

/** A file that the build made, listed with its hash. */
export interface Result {
  readonly name: string;
  readonly data: Uint8Array;
}

export interface BillParts {
  /** `net4801` */
  readonly board: string;
  /** Of the whole system. */
  readonly version: string;
  readonly components: readonly Component[];
  /** What is in the image. */
  readonly contents: readonly Result[];
  /** What is flashed. */
  readonly results: readonly Result[];
}

/** The document as JSON text. */
export function bill({ board, version, components, contents, results }: BillParts): string {
  const unique = [...new Map(components.map(component => [reference(component), component])).values()];
  const sorted = unique.sort((a, b) => (reference(a) < reference(b) ? -1 : 1));
  const system = `compact-director-${board}@${version}`;
  const document = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'firmware',
        'bom-ref': system,
        name: `compact-director-${board}`,
        version,
        licenses: [{ license: { id: 'MIT' } }],
        components: results.map(file),
      },
    },
    components: [
      ...sorted.map(component => ({
        type: 'library',
        'bom-ref': reference(component),
        name: component.name,
        version: component.version,
        licenses: [licence(component.licence)],
        hashes: component.sources.length === 1 ? hashes(component.sources[0]!.sha256) : [],
        components: component.sources.map(source => ({
          type: 'file',
          'bom-ref': `${reference(component)}/${source.file}`,
          name: source.file,
          hashes: hashes(source.sha256),
        })),
      })),
      ...contents.map(file),
    ],
    dependencies: [
      {
        ref: system,
        dependsOn: [...sorted.map(reference), ...contents.map(({ name }) => `file:${name}`)].sort(),
      },
    ],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function reference({ name, version }: Component): string {
  return `${name}@${version}`;
}

/** A plain SPDX identifier has a field of its own; with an operator in it, it is an expression. */
function licence(text: string): object {
  return /\s/.test(text) ? { expression: text } : { license: { id: text } };
}

function hashes(content: string): object[] {
  return [{ alg: 'SHA-256', content }];
}

function file({ name, data }: Result): object {
  return { type: 'file', 'bom-ref': `file:${name}`, name, hashes: hashes(sha256(data)) };
}
