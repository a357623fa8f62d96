// What the kernel's log says of cards: records of /dev/kmsg (Documentation/ABI/testing/dev-kmsg) and what they mean. Pure.

/** A process as the kernel names it. */
export interface Culprit {
  readonly name: string;
  readonly pid: number;
}

export type KernelMessage =
  /** Something tried to write to what is read-only; the writer is null where the kernel does not say, or wrote for somebody else. */
  | { readonly kind: 'refused write'; readonly device: string; readonly culprit: Culprit | null }
  /** A disk has refused or failed; null: a bus did, whatever hangs on it. */
  | { readonly kind: 'complaint'; readonly device: string | null };

export interface KernelRecord {
  /** Counts up from the kernel's start. */
  readonly sequence: number;
  readonly text: string;
}

/** Null for what is no record. Lines behind the first are properties, which nobody needs here. */
export function parseRecord(text: string): KernelRecord | null {
  const [, sequence, message] = /^\d+,(\d+),\d+,[^;]*;([^\n]*)/.exec(text) ?? [];
  return sequence === undefined ? null : { sequence: Number(sequence), text: message! };
}

const REFUSED = /^refused a write to read-only block device ([\w!-]+)(?: by (.{1,15})\[(\d+)\])?$/;
/** block/blk-mq.c, fs/buffer.c, drivers/scsi/scsi_lib.c and drivers/ata/libata-eh.c of Linux 6.1. */
const ERROR = /^(?:Buffer )?(?:I\/O|critical [a-z]+|timeout) error(?:,| on) dev ([\w!-]+),/;
const BUS =
  /^ata\d+(?:\.\d+)?: (?:disabled|failed command|exception )|rejecting I\/O to (?:offline|dead) device/;
/** Kernel threads that write back what others have left. */
const WRITEBACK = /^(?:kworker\/|jbd2\/|flush-|loop\d)/;

/** Null for what does not concern cards. */
export function understand(text: string): KernelMessage | null {
  const refused = REFUSED.exec(text);
  if (refused !== null) {
    const [, device, name, pid] = refused;
    const culprit = name === undefined || WRITEBACK.test(name) ? null : { name, pid: Number(pid) };
    return { kind: 'refused write', device: device!, culprit };
  }
  const error = ERROR.exec(text);
  if (error !== null) return { kind: 'complaint', device: error[1]! };
  return BUS.test(text) ? { kind: 'complaint', device: null } : null;
}
