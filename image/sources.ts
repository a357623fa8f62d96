// Fetches what the image is built from: packages of Debian, without root, each kept in the cache once fetched.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Apt, privateApt } from './apt.ts';
import { logFile, withLock } from './cache.ts';
import { CommandError } from './exec.ts';
import { type Component, type Context, sha256, type Work } from './step.ts';

/** What to fetch. */
export interface Wanted {
  /** Name of the package. */
  readonly name: string;
  /** Debian release it comes from. */
  readonly release: 'bookworm' | 'trixie';
  /**
   * A source package with Debian's patches applied, its upstream tarball alone, or a binary package that carries
   * source (linux-source-*, gcc-*-source).
   */
  readonly kind: 'source' | 'tarball' | 'binary';
  /** Name in the SBOM, where it is not the package's. */
  readonly component?: string;
  /** SPDX licence expression. */
  readonly licence: string;
}

/** A fetched package. Its `component` (a version and hashes) is what makes a step's key. */
export interface Source {
  readonly wanted: Wanted;
  readonly component: Component;
  /** The folder that holds the files. */
  readonly folder: string;
}

/** The text that stands for a source among the inputs of a step. */
export function sourceKey(source: Source): string {
  return JSON.stringify(source.component);
}

const prepared = new Map<string, Promise<Apt>>();

/** Indexes are fetched at most once per run and release. */
function aptFor(context: Context, release: string): Promise<Apt> {
  let apt = prepared.get(release);
  if (!apt) {
    apt = privateApt(
      join(context.cache, 'apt', release),
      release,
      logFile(context.cache, `apt-${release}.log`),
    );
    prepared.set(release, apt);
  }
  return apt;
}

/** The version of a fetched package: of its .dsc, or from the name of the one file that it is. */
function versionOf(folder: string, files: readonly string[]): string {
  const dsc = files.find(file => file.endsWith('.dsc'));
  if (dsc) return /^Version: (.*)$/m.exec(readFileSync(join(folder, dsc), 'utf8'))![1]!;
  return decodeURIComponent(files[0]!.split('_')[1]!.replace(/\.orig\.tar\..*$/, ''));
}

/** What apt-get is told for each kind. */
const fetchArguments: Record<Wanted['kind'], readonly string[]> = {
  source: ['source', '--download-only', '--only-source'],
  tarball: ['source', '--download-only', '--only-source', '--tar-only'],
  binary: ['download'],
};

async function download(context: Context, wanted: Wanted, folder: string): Promise<void> {
  const { name, release, kind } = wanted;
  const apt = await aptFor(context, release);
  const temporary = `${folder}.tmp-${process.pid}`;
  mkdirSync(temporary, { recursive: true });
  try {
    await apt([...fetchArguments[kind], name], { cwd: temporary });
    const files = readdirSync(temporary).sort();
    const component: Component = {
      name: wanted.component ?? name,
      version: versionOf(temporary, files),
      licence: wanted.licence,
      sources: files.map(file => ({ file, sha256: sha256(readFileSync(join(temporary, file))) })),
    };
    writeFileSync(join(temporary, 'component.json'), `${JSON.stringify(component, null, 2)}\n`);
    renameSync(temporary, folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/**
 * The newest version of a package in its release, or what an earlier build fetched: then no network is used. (Remove
 * `<cache>/source` to take newer versions.)
 */
export async function fetchSource(context: Context, wanted: Wanted): Promise<Source> {
  const folder = join(context.cache, 'source', wanted.release, wanted.name);
  const record = join(folder, 'component.json');
  if (!existsSync(record)) {
    // One lock for the release, because all its packages share one apt folder.
    await withLock(context.cache, `source-${wanted.release}`, async () => {
      if (existsSync(record)) return;
      const end = context.progress.begin(`fetch ${wanted.name}`, 20);
      let ok = false;
      try {
        await download(context, wanted, folder);
        ok = true;
      } catch (error) {
        prepared.delete(wanted.release);
        const hint = error instanceof CommandError ? ' (is this machine online?)' : '';
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(`cannot fetch ${wanted.name} of Debian ${wanted.release}${hint}: ${reason}`, {
          cause: error,
        });
      } finally {
        end(ok);
      }
    });
  }
  const recorded = JSON.parse(readFileSync(record, 'utf8')) as Component;
  const { component: name = wanted.name, licence } = wanted;
  return { wanted, component: { ...recorded, name, licence }, folder };
}

/** Unpacks a source below the step's scratch folder, its hashes checked, and returns the folder it is in. */
export async function unpack(work: Work, source: Source): Promise<string> {
  for (const { file, sha256: expected } of source.component.sources) {
    if (sha256(readFileSync(join(source.folder, file))) === expected) continue;
    throw new Error(
      `${join(source.folder, file)} is damaged; remove ${source.folder} to have it fetched again`,
    );
  }
  const { name, kind } = source.wanted;
  const folder = join(work.scratch, name);
  const { sources } = source.component;
  const file = sources.length === 1 ? sources[0] : sources.find(each => each.file.endsWith('.dsc'));
  const path = join(source.folder, file!.file);
  if (kind === 'source') await work.run('dpkg-source', ['--no-check', '-x', path, folder]);
  else if (kind === 'binary') await work.run('dpkg-deb', ['-x', path, folder]);
  else {
    mkdirSync(folder);
    await work.run('tar', ['-x', '-f', path, '-C', folder, '--strip-components=1', '--no-same-owner']);
  }
  return folder;
}
