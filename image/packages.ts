// The npm packages that went into the director's bundle, for the bill of materials: the source maps of its scripts tell which.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Component, sha256 } from './step.ts';

/** A component for each package, with the files of it that are in the bundle. `maps` are source maps as JSON. */
export function bundledPackages(root: string, ...maps: readonly string[]): Component[] {
  const sources = new Set(maps.flatMap(map => (JSON.parse(map) as { sources: string[] }).sources));
  const packages = new Map<string, string[]>();
  for (const source of sources) {
    const name = /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1];
    if (name) packages.set(name, [...(packages.get(name) ?? []), source]);
  }
  return [...packages].map(([name, files]) => {
    const folder = `${files[0]!.slice(0, files[0]!.lastIndexOf('node_modules/'))}node_modules/${name}`;
    const about = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
      version: string;
      license: string;
    };
    return {
      name,
      version: about.version,
      licence: about.license,
      sources: files.sort().map(file => ({
        file: file.slice(folder.length + 1),
        sha256: sha256(readFileSync(join(root, file))),
      })),
    };
  });
}
