// Reads the machine's own apt sources and derives from them a private apt set-up that also knows source packages.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunOptions, run } from './exec.ts';

/** One archive suite as apt knows it; see sources.list(5). */
export interface AptEntry {
  readonly uri: string;
  readonly suite: string;
  readonly components: readonly string[];
  /** Key file, fingerprint or embedded key; may span lines. */
  readonly signedBy?: string;
}

function entries(uris: string[], suites: string[], components: string[], signedBy?: string): AptEntry[] {
  const common = { components, ...(signedBy ? { signedBy } : {}) };
  return uris.flatMap(uri => suites.map(suite => ({ uri, suite, ...common })));
}

/** Parses the one-line format. Lines that are not understood are apt's business, not ours. */
export function parseListFile(text: string): AptEntry[] {
  return text.split('\n').flatMap(line => {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+(\S+)\s+([^#]*)/.exec(line);
    if (!match) return [];
    const [, options = '', uri = '', suite = '', components = ''] = match;
    const signedBy = /(?:^|\s)signed-by=(\S+)/.exec(options)?.[1];
    return entries([uri], [suite], components.trim().split(/\s+/), signedBy);
  });
}

/** Parses the deb822 format (stanzas of fields, continuation lines begin with a blank). */
export function parseDeb822(text: string): AptEntry[] {
  const stanzas = text.replace(/^#.*\n?/gm, '').split(/\n\s*\n/);
  return stanzas.flatMap(stanza => {
    const field = (name: string) =>
      new RegExp(`^${name}:[ \\t]*(.*(?:\\n[ \\t].*)*)`, 'im').exec(stanza)?.[1]?.trimEnd();
    const words = (name: string) => field(name)?.trim().split(/\s+/) ?? [];
    if (!words('Types').includes('deb') || /^(no|false|0)$/i.test(field('Enabled') ?? '')) return [];
    return entries(words('URIs'), words('Suites'), words('Components'), field('Signed-By'));
  });
}

/** All entries of the machine. */
export function machineEntries(folder = '/etc/apt'): AptEntry[] {
  const read = (path: string) => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return '';
    }
  };
  const parts = join(folder, 'sources.list.d');
  let names: string[] = [];
  try {
    names = readdirSync(parts).sort();
  } catch {
    // A machine may well have no such folder.
  }
  return [
    ...parseListFile(read(join(folder, 'sources.list'))),
    ...names.filter(name => name.endsWith('.list')).flatMap(name => parseListFile(read(join(parts, name)))),
    ...names.filter(name => name.endsWith('.sources')).flatMap(name => parseDeb822(read(join(parts, name)))),
  ];
}

/**
 * The sources file (deb822) for `release` (such as `trixie`) on a machine that runs `installed`: the same archives,
 * keys and suites (main, -updates, -security) with the release's name put in, binary and source packages.
 */
export function deriveSources(machine: readonly AptEntry[], installed: string, release: string): string {
  const seen = new Set<string>();
  const stanzas = machine.flatMap(entry => {
    const [, suffix] = /^[a-z]+((?:-updates|-security)?)$/.exec(entry.suite) ?? [];
    if (suffix === undefined || entry.suite !== `${installed}${suffix}` || !entry.components.includes('main'))
      return [];
    const name = `${entry.uri} ${suffix}`;
    if (seen.has(name)) return [];
    seen.add(name);
    const lines = [
      'Types: deb deb-src',
      `URIs: ${entry.uri}`,
      `Suites: ${release}${suffix}`,
      'Components: main',
    ];
    if (entry.signedBy) lines.push(`Signed-By: ${entry.signedBy}`);
    return `${lines.join('\n')}\n`;
  });
  if (stanzas.length === 0) {
    throw new Error(
      `apt on this machine has no archive for ${installed}: /etc/apt/sources.list and sources.list.d were looked at`,
    );
  }
  return stanzas.join('\n');
}

/** The code name of the release this machine runs, from os-release(5). */
export function installedRelease(file = '/etc/os-release'): string {
  const name = /^VERSION_CODENAME=(\S+)/m.exec(readFileSync(file, 'utf8'))?.[1];
  if (!name) throw new Error(`${file} names no VERSION_CODENAME: the image is built on Debian`);
  return name;
}

/** Runs apt-get with the private set-up. */
export type Apt = (args: readonly string[], options?: RunOptions) => Promise<string>;

/**
 * Prepares a private apt below `folder` for `release` and updates its indexes. The user's apt, its lists and its
 * hooks stay out of it; only how to reach the network (`Acquire::*`, proxy variables) is taken over.
 */
export async function privateApt(folder: string, release: string, log: string): Promise<Apt> {
  for (const name of ['lists/partial', 'archives/partial', 'none'])
    mkdirSync(join(folder, name), { recursive: true });
  const sources = join(folder, 'debian.sources');
  writeFileSync(sources, deriveSources(machineEntries(), installedRelease(), release));
  const acquire = (await run('apt-config', ['dump'])).split('\n').filter(line => /^Acquire::/.test(line));
  const settings: Record<string, string> = {
    'Dir::Etc::main': '/dev/null',
    'Dir::Etc::parts': join(folder, 'none'),
    'Dir::Etc::sourcelist': sources,
    'Dir::Etc::sourceparts': join(folder, 'none'),
    'Dir::State': folder,
    'Dir::State::lists': join(folder, 'lists'),
    'Dir::State::status': '/dev/null',
    'Dir::Cache': folder,
    'APT::Sandbox::User': 'root',
    'APT::Get::List-Cleanup': 'false',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '3',
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} "${value}";`);
  const config = join(folder, 'apt.conf');
  writeFileSync(config, `${[...acquire, ...lines].join('\n')}\n`);
  const proxies = ['http_proxy', 'https_proxy', 'no_proxy'].flatMap(name => {
    const value = process.env[name];
    return value ? [[name, value]] : [];
  });
  const env = { ...Object.fromEntries(proxies), APT_CONFIG: config };
  const apt: Apt = (args, options = {}) => run('apt-get', ['-q', ...args], { ...options, env, log });
  await apt(['update', '--error-on=any']);
  return apt;
}
