// How the host of a real server is made ready, for the operating system that it runs.

/** What to do on the host, and how to see that it was done. */
export interface Recipe {
  /** Lines for its shell, as root: the host is ready when they have run. */
  readonly commands: readonly string[];
  /** What makes it ready again at its next start. */
  readonly files: readonly RecipeFile[];
  /** Lines behind those files. */
  readonly enabling: readonly string[];
  /** A script for its shell that ends with 0 when the host is ready, else with 1 and lines that begin with MISSING. */
  readonly check: string;
  /** What no command can do. */
  readonly notes: readonly string[];
}

export interface RecipeFile {
  readonly path: string;
  readonly mode: number;
  readonly content: string;
}

/** No recipe is known for this; the message says what to do instead. */
export class NoRecipe extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NoRecipe';
  }
}

export const NO_GATEWAY =
  'the configuration names no address of the director in its network: put it in the place of GATEWAY';

/** `10.0.0.100/32`: the address alone, no network. */
export function alone(address: string): string {
  return `${address}/${address.includes(':') ? 128 : 32}`;
}
