// ipvsadm with libnl and popt inside: through netlink it also shows and sets IPv6 services.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gateOutput } from './gate.ts';
import { fetchSource, type Source, sourceKey, unpack, type Wanted } from './sources.ts';
import { type Context, type Output, step, type Work } from './step.ts';
import { type Toolchain, toolchain } from './toolchain.ts';

/** The upstream tarball is all that is needed of it; Debian's patches are about packaging. */
const IPVSADM: Wanted = {
  name: 'ipvsadm',
  release: 'bookworm',
  kind: 'tarball',
  licence: 'GPL-2.0-or-later',
};
const LIBNL: Wanted = { name: 'libnl3', release: 'bookworm', kind: 'source', licence: 'LGPL-2.1-only' };
const POPT: Wanted = { name: 'popt', release: 'bookworm', kind: 'source', licence: 'MIT' };

/** A built ipvsadm. */
export interface Ipvsadm extends Output {
  /** The program. */
  readonly program: string;
}

/** What of libnl is reached from generic netlink. */
const LIBNL_FILES =
  `addr attr cache cache_mngr cache_mngt data error handlers hash hashtable mpls msg nl object socket
  utils version genl/ctrl genl/family genl/genl genl/mngt`.split(/\s+/);
const POPT_FILES = ['popt', 'poptconfig', 'popthelp', 'poptint', 'poptparse'];
const IPVSADM_FILES = [
  'ipvsadm',
  'config_stream',
  'dynamic_array',
  'libipvs/libipvs',
  'libipvs/ip_vs_nl_policy',
];

/** What the configure scripts of libnl and popt would find out about musl. */
const DEFINES = [
  '-D_GNU_SOURCE',
  '-DSYSCONFDIR="/etc"',
  '-DPKGLIBDIR="/lib"',
  '-DPOPT_SYSCONFDIR="/etc"',
  '-DPACKAGE="popt"',
  ...['FNMATCH_H', 'SRANDOM', 'STPCPY', 'STRERROR', 'UNISTD_H', 'POPT', 'NET_IP_VS_H'].map(
    name => `-DHAVE_${name}`,
  ),
  '-DLIBIPVS_USE_NL',
];

async function build(work: Work, tools: Toolchain, sources: Record<string, Source>): Promise<void> {
  const ipvsadm = await unpack(work, sources.ipvsadm!);
  const libnl = await unpack(work, sources.libnl!);
  const popt = await unpack(work, sources.popt!);
  for (const name of ['config.h', 'defs.h']) writeFileSync(join(work.scratch, name), '');
  const word = (name: string) => readFileSync(join(ipvsadm, name), 'utf8').trim();
  const program = join(work.out, 'ipvsadm.symbols');
  await work.run(tools.cc, [
    ...tools.cflags,
    ...tools.ldflags,
    `-ffile-prefix-map=${work.scratch}=.`,
    // Old code: its own makefiles silence as much.
    '-w',
    ...['-include', 'sys/types.h'],
    ...DEFINES,
    `-DVERSION="${word('VERSION')}"`,
    `-DSCHEDULERS="${word('SCHEDULERS')}|twos"`,
    `-DPE_LIST="${word('PERSISTENCE_ENGINES')}"`,
    ...[work.scratch, `${libnl}/include`, `${libnl}/include/linux-private`, `${popt}/src`].map(
      path => `-I${path}`,
    ),
    ...IPVSADM_FILES.map(name => `${ipvsadm}/${name}.c`),
    ...LIBNL_FILES.map(name => `${libnl}/lib/${name}.c`),
    ...POPT_FILES.map(name => `${popt}/src/${name}.c`),
    ...['-o', program],
  ]);
  await work.run(tools.strip, [
    '-s',
    '-R',
    '.comment',
    '-R',
    '.note',
    '-o',
    join(work.out, 'ipvsadm'),
    program,
  ]);
}

/** Builds ipvsadm, or finds it in the cache. */
export async function ipvsadm(context: Context): Promise<Ipvsadm> {
  const tools = await toolchain(context);
  const sources = {
    ipvsadm: await fetchSource(context, IPVSADM),
    libnl: await fetchSource(context, LIBNL),
    popt: await fetchSource(context, POPT),
  };
  const output = await step(context, {
    name: 'ipvsadm',
    inputs: [tools, ...Object.values(sources).map(sourceKey), { file: import.meta.filename }],
    estimate: 15,
    components: Object.values(sources).map(({ component }) => component),
    build: work => build(work, tools, sources),
  });
  await gateOutput(context, output, ['ipvsadm.symbols'], '486');
  return { ...output, program: join(output.path, 'ipvsadm') };
}
