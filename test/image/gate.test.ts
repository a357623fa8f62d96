// The instruction gate: what it lets pass, and what it says of what it does not.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { run } from '../../image/exec.ts';
import { gate, inspect } from '../../image/gate.ts';
import { refused } from '../../image/isa.ts';

const folder = mkdtempSync(join(tmpdir(), 'gate-'));
test.after.always(() => rmSync(folder, { recursive: true }));

/** Assembles a function `name` with the given instructions into an object file. */
async function object(name: string, instructions: string, flag = '--32'): Promise<string> {
  const file = join(folder, `${name}.o`);
  await run('as', [flag, '-o', file], {
    input: `.text\n.type ${name}, @function\n${name}:\n${instructions}\n`,
  });
  return file;
}

test('plain 486 code passes', async t => {
  const code =
    'lock cmpxchg %ecx, (%edx)\nbswap %eax\nxadd %eax, (%ecx)\nfsqrt\nrep movsb\nnop\nxchg %ax, %ax\nrep bsf %eax, %eax\nret';
  await t.notThrowsAsync(gate([await object('plain', code)], '486'));
});

const LACKING: Record<string, [code: string, says: RegExp]> = {
  cmov: ['cmovne %eax, %ecx', /cmovne/],
  endbr32: ['endbr32', /endbr32/],
  sse2: ['addpd %xmm1, %xmm0', /addpd/],
  nopl: ['nopl 0(%eax)', /nopl/],
  nopw: ['nopw 0(%eax,%eax)', /nopl/],
  mmx: ['movq %mm0, %mm1', /movq/],
  fcomi: ['fcomi %st(1), %st', /fcomi/],
  cpuid: ['cpuid', /cpuid/],
  rdtsc: ['rdtsc', /rdtsc/],
  cmpxchg8b: ['lock cmpxchg8b (%eax)', /cmpxchg8b/],
  lzcnt: ['lzcnt %eax, %eax', /lzcnt/],
  prefetch: ['prefetchnta (%eax)', /prefetchnta/],
};

for (const [name, [code, says]] of Object.entries(LACKING)) {
  test(`${name} is refused by file, function and instruction`, async t => {
    const file = await object(`with_${name}`, `${code}\nret`);
    const error = await t.throwsAsync(gate([file], '486'));
    t.true(error!.message.includes(`${file}: with_${name}: `));
    t.regex(error!.message, says);
  });
}

test('the kernel may hold what it asks the CPU for, but not what a compiler would slip in', async t => {
  const guarded = await object(
    'guarded',
    'cpuid\nrdtsc\nfxsave (%eax)\nlock cmpxchg8b (%eax)\nmov %cr4, %eax\nret',
  );
  await t.notThrowsAsync(gate([guarded], 'kernel'));
  for (const name of ['cmov', 'endbr32', 'sse2', 'nopl']) {
    const file = await object(`kernel_${name}`, `${LACKING[name]![0]}\nret`);
    await t.throwsAsync(gate([file], 'kernel'), { message: new RegExp(`kernel_${name}`) }, name);
  }
});

test('code that the kernel patches in by CPU feature is left alone', async t => {
  const file = join(folder, 'alternative.o');
  await run('as', ['--32', '-o', file], {
    input: '.section .altinstr_replacement, "ax"\npopcnt %eax, %eax\n.text\nret\n',
  });
  t.deepEqual(await inspect(file, 'kernel'), []);
});

test('a function that tests for SSE itself is an exception, the same instruction elsewhere is none', async t => {
  await t.notThrowsAsync(gate([await object('fesetenv', 'ldmxcsr (%eax)\nret')], '486'));
  await t.throwsAsync(gate([await object('other', 'ldmxcsr (%eax)\nret')], '486'));
});

test('a folder is searched for programs; what is none is passed over', async t => {
  const below = join(folder, 'root/bin');
  mkdirSync(below, { recursive: true });
  writeFileSync(join(below, 'script'), '#!/bin/sh\n');
  const file = await object('deep', 'endbr32');
  await run('mv', [file, join(below, 'deep')]);
  await t.throwsAsync(gate([join(folder, 'root')], '486'), { message: /root\/bin\/deep: deep: endbr32/ });
});

test('a file that is no 32-bit x86 program is refused', async t => {
  const wide = await object('wide', 'ret', '--64');
  await t.throwsAsync(gate([wide], '486'), { message: /wide\.o is not a 32-bit x86 ELF file/ });
  const text = join(folder, 'text');
  writeFileSync(text, 'no program');
  await t.throwsAsync(gate([text], '486'), { message: /text is not a 32-bit x86 ELF file/ });
});

test('many offences are counted, and a few of them shown', async t => {
  const code = Array.from({ length: 60 }, (_, index) => `f${index}:\ncpuid\nret`).join('\n');
  const error = await t.throwsAsync(gate([await object('many', code)], '486'));
  t.regex(error!.message, /60 instructions/);
  t.regex(error!.message, /and 40 more/);
});

test('instructions are judged as objdump prints them', t => {
  t.is(refused('lock cmpxchg DWORD PTR [edx],ecx', '486'), null);
  t.is(refused('nop', '486'), null);
  t.is(refused('data16 nop WORD PTR cs:[eax+eax*1+0x0]', '486'), 'nopl');
  t.is(refused('call   0x1234 <movq_mm0>', '486'), null);
  t.is(refused('(bad)', '486'), '(bad)');
});
