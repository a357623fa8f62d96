// Something that holds in every world whatever happens in it. A rule that is broken throws.
import type { Router } from '../node.ts';
import type { Disturbance, Happening } from '../world.ts';

export interface Rule {
  /** After every event at a router. */
  happened?(happening: Happening): void;
  /** After everything that followed at once from an event. */
  settled?(): void;
  /** Then too, and whenever nothing has happened for a while. */
  look?(): void;
  /** Before a disturbance; `routers`: whom it befalls. */
  disturbed?(kind: Disturbance, routers: readonly Router[]): void;
  /** Before a disturbance that ends a peace, and at the end of the world. */
  peaceEnds?(): void;
}
