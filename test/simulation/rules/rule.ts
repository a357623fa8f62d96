// Something that holds in every world whatever happens in it. A rule that is broken throws.
import type { Happening, Node } from '../node.ts';
import type { Disturbance } from '../world.ts';

export interface Rule {
  /** After every event at a node, and whenever nothing has happened for a while. */
  look?(): void;
  happened?(happening: Happening): void;
  /** Before a disturbance; `node`: whom it befalls. */
  disturbed?(kind: Disturbance, node: Node | null): void;
  /** Before a disturbance that ends a peace, and at the end of the world. */
  peaceEnds?(): void;
}
