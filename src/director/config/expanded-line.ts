// A line after its definitions were put in: problems in it are told where their text was written.
import type { MappedText, Use } from './mapped-text.ts';
import { type Location, Source } from './source.ts';

/** Most definitions within definitions that a problem names. */
const MOST_NAMED = 3;

export class ExpandedLine extends Source {
  private readonly mapped: MappedText;

  /** `path` is that of the file in which the line is used. */
  constructor(path: string, mapped: MappedText) {
    super(path, mapped.text);
    this.mapped = mapped;
  }

  override locate(offset: number): Location {
    const { source, offset: written, use } = this.mapped.pieceAt(offset);
    return { ...source.locate(written), note: describeUse(use) };
  }
}

/** ` (in $WEB of site.conf:12, with NUM = 3)`; empty for text that stands where it was written. */
function describeUse(innermost: Use | null): string {
  const parts: string[] = [];
  for (let use = innermost; use !== null; use = use.outer) {
    if (parts.length === MOST_NAMED) {
      parts.push('...');
      break;
    }
    if (use.value !== null) parts.push(`with ${use.name} = ${use.value === '' ? '""' : use.value}`);
    else parts.push(`in $${use.name} of ${use.source.path}:${use.source.place(use.offset).line}`);
  }
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}
