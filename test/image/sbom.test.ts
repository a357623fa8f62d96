// The bill of materials: complete, and the same for the same parts.
import test from 'ava';
import { bill } from '../../image/sbom.ts';
import type { Component } from '../../image/step.ts';

const sha = 'a'.repeat(64);
const components: Component[] = [
  { name: 'musl', version: '1.2.5-3', licence: 'MIT', sources: [{ file: 'musl.tar.xz', sha256: sha }] },
  {
    name: 'libgcc',
    version: '12.2',
    licence: 'GPL-3.0-or-later WITH GCC-exception-3.1',
    sources: [
      { file: 'a', sha256: sha },
      { file: 'b', sha256: sha },
    ],
  },
];

function document(list: readonly Component[]) {
  const contents = [{ name: 'bzImage', data: Buffer.from('kernel') }];
  const results = [{ name: 'net4801.img', data: Buffer.from('image') }];
  return JSON.parse(bill({ board: 'net4801', version: '1.0.0', components: list, contents, results }));
}

test('every component has a version, a licence and a hash', t => {
  const { components: listed } = document(components);
  t.deepEqual(
    listed
      .filter((each: { type: string }) => each.type === 'library')
      .map((each: { name: string }) => each.name),
    ['libgcc', 'musl'],
  );
  for (const component of listed) {
    if (component.type === 'library') {
      t.truthy(component.version);
      t.truthy(component.licenses[0].license?.id ?? component.licenses[0].expression);
    }
    const files = component.type === 'library' ? component.components : [component];
    t.true(files.length > 0);
    for (const file of files) t.regex(file.hashes[0].content, /^[0-9a-f]{64}$/);
  }
});

test('a licence with an exception is an expression', t => {
  const [libgcc] = document(components).components;
  t.deepEqual(libgcc.licenses, [{ expression: 'GPL-3.0-or-later WITH GCC-exception-3.1' }]);
});

test('order and repetition of components do not show', t => {
  t.deepEqual(document([...components].reverse()), document([...components, ...components]));
});

test('no time and no serial number', t => {
  const text = JSON.stringify(document(components));
  t.notRegex(text, /timestamp|serialNumber/);
});

test('whatever is referred to exists, once', t => {
  const made = document(components);
  const references: string[] = [made.metadata.component['bom-ref']];
  const collect = (list: readonly { 'bom-ref': string; components?: [] }[]) => {
    for (const each of list) {
      references.push(each['bom-ref']);
      collect(each.components ?? []);
    }
  };
  collect(made.components);
  collect(made.metadata.component.components);
  t.is(new Set(references).size, references.length);
  for (const { ref, dependsOn } of made.dependencies) {
    for (const name of [ref, ...dependsOn]) t.true(references.includes(name), name);
  }
});
