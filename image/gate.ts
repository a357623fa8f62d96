// The instruction gate: nothing gets into an image that some board's CPU would not execute. It is needed because
// QEMU's Pentium runs long nops and endbr32, which a Geode does not.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { BUILD_ENVIRONMENT } from './exec.ts';
import { type Level, refused } from './isa.ts';
import { type Context, type Output, step } from './step.ts';

/** An instruction that a board lacks. */
export interface Offence {
  readonly file: string;
  /** The function it is in, or the section where the file has no symbols. */
  readonly function: string;
  readonly instruction: string;
}

/** Functions that hold such an instruction and run it only where the CPU has it; each with the proof. */
const EXCEPTIONS: readonly { functions: RegExp; instruction: RegExp; reason: string }[] = [
  {
    functions: /^(?:feclearexcept|feraiseexcept|__fesetround|fegetround|fegetenv|fesetenv|fetestexcept)$/,
    instruction: /^(?:stmxcsr|ldmxcsr)$/,
    reason: 'musl src/fenv/i386/fenv.s tests the SSE bit of __hwcap first',
  },
];

/** The kernel writes these over other code only on CPUs that have them (asm/alternative.h). */
const ALTERNATIVES = '.altinstr_replacement';

const ELF_I386 = 'a 32-bit x86 ELF file';

/** `elf` when the file is an ELF file for a 32-bit x86, `other` for an ELF file of another kind, else null. */
function kindOf(path: string): 'elf' | 'other' | null {
  const header = Buffer.alloc(20);
  const file = openSync(path, 'r');
  try {
    if (readSync(file, header) < header.length || header.toString('latin1', 0, 4) !== '\x7fELF') return null;
  } finally {
    closeSync(file);
  }
  return header[4] === 1 && header.readUInt16LE(18) === 3 ? 'elf' : 'other';
}

/** The files of a folder (links are not followed), or the file itself. */
function filesOf(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  const entries = readdirSync(path, { withFileTypes: true, recursive: true });
  return entries
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .sort();
}

/** What objdump prints, line by line. Throws when it cannot read the file. */
async function* dump(file: string, ...options: string[]): AsyncGenerator<string> {
  const args = [...options, file];
  const objdump = spawn('objdump', args, { env: BUILD_ENVIRONMENT, stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(objdump, 'close');
  yield* createInterface({ input: objdump.stdout });
  const [status] = await closed;
  if (status !== 0) throw new Error(`objdump cannot read ${file} (exit status ${status})`);
}

/** Names of the data that lies among the code, which objdump shows as text in the place of instructions. */
async function dataAmongCode(file: string): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for await (const line of dump(file, '-t', '-w')) {
    const name = /^[0-9a-f]{8} .{6}O \.text\S*\t[0-9a-f]+ (?:\.hidden )?(\S+)$/.exec(line)?.[1];
    if (name) names.add(name);
  }
  return names;
}

/** All instructions of one ELF file that the level lacks. */
export async function inspect(file: string, level: Level): Promise<Offence[]> {
  const data = await dataAmongCode(file);
  const offences: Offence[] = [];
  let section = '';
  let where = '';
  for await (const line of dump(file, '-d', '-w', '-M', 'intel,i386', '--no-show-raw-insn')) {
    const tab = line.indexOf('\t');
    if (tab < 0) {
      const heading = /^[0-9a-f]+ <(.*)>:$/.exec(line)?.[1];
      if (heading) where = heading;
      else section = /^Disassembly of section (.*):$/.exec(line)?.[1] ?? section;
      continue;
    }
    if (section === ALTERNATIVES || data.has(where)) continue;
    const instruction = refused(line.slice(tab + 1), level);
    if (instruction === null) continue;
    const name = where.replace(/\..*$/, '') || section;
    if (EXCEPTIONS.some(each => each.functions.test(name) && each.instruction.test(instruction))) continue;
    offences.push({ file, function: where || section, instruction });
  }
  return offences;
}

/** How many offences the error spells out. */
const SHOWN = 20;

/**
 * Lets the ELF files at `paths` (files, or folders with all that is below them) pass, or throws an error that names
 * file, function and instruction of what a board would not execute.
 */
export async function gate(paths: readonly string[], level: Level): Promise<void> {
  const offences: Offence[] = [];
  for (const path of paths) {
    for (const file of filesOf(path)) {
      const kind = kindOf(file);
      if (kind === 'elf') offences.push(...(await inspect(file, level)));
      else if (kind === 'other' || file === path)
        throw new Error(`instruction gate: ${file} is not ${ELF_I386}`);
    }
  }
  if (offences.length === 0) return;
  const lines = new Map<string, number>();
  for (const offence of offences) {
    const line = `${offence.file}: ${offence.function}: ${offence.instruction}`;
    lines.set(line, (lines.get(line) ?? 0) + 1);
  }
  const shown = [...lines]
    .slice(0, SHOWN)
    .map(([line, times]) => (times > 1 ? `${line} (${times} times)` : line));
  if (lines.size > SHOWN) shown.push(`and ${lines.size - SHOWN} more`);
  throw new Error(
    `instruction gate: ${offences.length} instructions that a board lacks (level ${level})\n  ${shown.join('\n  ')}`,
  );
}

/**
 * Lets files of a step's output pass, as a step of its own: a change of the gate checks again what it does not have to
 * build again.
 */
export async function gateOutput(
  context: Context,
  output: Output,
  files: readonly string[],
  level: Level,
): Promise<void> {
  const judges = ['gate.ts', 'isa.ts'].map(name => ({ file: join(import.meta.dirname, name) }));
  await step(context, {
    name: `${output.name}-gate`,
    inputs: [output, ...files, level, ...judges],
    estimate: 5,
    build: () =>
      gate(
        files.map(name => join(output.path, name)),
        level,
      ),
  });
}
