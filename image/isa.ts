// Which instructions the boards' CPUs have: an allowlist, so that an instruction nobody thought of is refused.

/** What may be in the code: of a program (any board runs it), or of the boot loader and the kernel (which ask the CPU first). */
export type Level = '486' | 'grub' | 'kernel';

const words = (text: string) => text.trim().split(/\s+/);

/** Integer and system instructions of the Intel 486 (Programmer's Reference Manual, 1990), as objdump spells them. */
const INTEGER = words(`
  aaa aad aam aas adc add and arpl bound bsf bsr bswap bt btc btr bts call cbw cdq clc cld cli clts cmc cmp cmps cmpxchg
  cwd cwde daa das dec div enter hlt icebp idiv imul in inc ins int int1 int3 into invd invlpg iret iretd iretw ja jae jb
  jbe jcxz je jecxz jg jge jl jle jmp jne jno jnp jns jo jp js lahf lar lds lea leave les lfs lgdt lgdtd lgs lidt lidtd
  lldt lmsw lods loop loope loopne lsl lss ltr mov movs movsx movzx mul neg nop not or out outs pop popa popad popaw popf
  popfd popfw push pusha pushad pushaw pushf pushfd pushfw rcl rcr ret retf rol ror sahf sal salc sar sbb scas seta setae
  setb setbe sete setg setge setl setle setne setno setnp setns seto setp sets sgdt sgdtd shl shld shr shrd sidt sidtd
  sldt smsw stc std sti stos str sub test verr verw wbinvd xadd xchg xlat xor`);

/** The x87 of the 486. */
const FLOATING = words(`
  f2xm1 fabs fadd faddp fbld fbstp fchs fclex fcom fcomp fcompp fcos fdecstp fdiv fdivp fdivr fdivrp ffree fiadd ficom
  ficomp fidiv fidivr fild fimul fincstp finit fist fistp fisub fisubr fld fld1 fldcw fldenv fldl2e fldl2t fldlg2 fldln2
  fldpi fldz fmul fmulp fnclex fninit fnop fnsave fnstcw fnstenv fnstsw fpatan fprem fprem1 fptan frndint frstor fsave
  fscale fsin fsincos fsqrt fst fstcw fstenv fstp fstsw fsub fsubp fsubr fsubrp ftst fucom fucomp fucompp fwait fxam fxch
  fxtract fyl2x fyl2xp1`);

/**
 * `ud0` to `ud2` are meant to fault, `pause` is `rep nop`, and `tzcnt` is what `rep bsf` is read as: older CPUs ignore
 * the prefix, and compilers emit it only where the two agree.
 */
const HARMLESS = ['ud0', 'ud1', 'ud2', 'pause', 'tzcnt'];

/**
 * What the kernel holds beyond that. No compiler emits any of these for a 486: they stand in hand-written assembly that
 * the kernel runs only after it has asked the CPU (boot_cpu_has and the like); a boot on a 486 and on a Pentium proves
 * the asking. Conditional moves, MMX, SSE, long nops and endbr32 are what a compiler would slip in: never here.
 */
const KERNEL = words(`
  cpuid rdmsr wrmsr rdtsc rdpmc cmpxchg8b sysexit fxsave fxrstor ldmxcsr emms clflush clflushopt invpcid serialize xgetbv
  xsetbv xsave xsavec xsaveopt xsaves xrstor xrstors rdrand rdseed monitor mwait monitorx mwaitx tpause stgi`);

/**
 * GRUB looks for CPUID (EFLAGS.ID) and then for what it says: the TSC, else it counts by the PIT (kern/i386/tsc.c); MTRRs, when it
 * sets a graphics mode, which a serial console never does (video/i386/pc/vbe.c).
 */
const GRUB = words('cpuid rdtsc rdmsr wrmsr');

const ALLOWED: Record<Level, ReadonlySet<string>> = {
  486: new Set([...INTEGER, ...FLOATING, ...HARMLESS]),
  grub: new Set([...INTEGER, ...FLOATING, ...HARMLESS, ...GRUB]),
  kernel: new Set([...INTEGER, ...FLOATING, ...HARMLESS, ...KERNEL]),
};

const PREFIXES = new Set(words('rep repz repnz lock data16 addr16 cs ds es fs gs ss'));

/**
 * Judges one instruction as objdump (Intel syntax) prints it. Returns null when the level has it, else its name. An
 * operand-less `nop` is one byte long or two; with an operand it is the long form that no Geode has.
 */
export function refused(instruction: string, level: Level): string | null {
  const text = instruction.replace(/<[^>]*>|#.*/g, '').trim();
  const parts = text.split(/\s+/);
  while (parts.length > 1 && PREFIXES.has(parts[0]!)) parts.shift();
  const [name = '', ...operands] = parts;
  // A run of zero bytes that objdump does not spell out; a prefix that stands alone.
  if (name === '...' || PREFIXES.has(name)) return null;
  if (name === 'nop' && operands.length > 0) return 'nopl';
  if (!ALLOWED[level].has(name)) return name;
  if (/\b(?:[xyz]mm|mm)\d/.test(text)) return text;
  if (level !== 'kernel' && /\bcr4\b/.test(text)) return text;
  return null;
}
