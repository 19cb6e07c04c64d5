import { parseWorld } from "./load-world";
import type { World } from "./world";
import demo from "./worlds/demo.json";
import pageSamples from "./worlds/page-samples.json";

/** The worlds that come with the simulator. */
export interface Worlds {
  /** Five instances that look like real ones, with every kind of record that must not be restored. */
  readonly demo: World;
  /** The two samples of the API's page, to the letter. */
  readonly pageSamples: World;
}

/** The worlds that come with the simulator. */
export const worlds: Worlds = { demo: parseWorld(demo), pageSamples: parseWorld(pageSamples) };
