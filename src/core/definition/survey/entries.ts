/** The things of a definition with their places and their names for people. */
import type {
  CanonicalAction,
  CanonicalRegion,
  CanonicalState,
  CanonicalTransition,
} from "../definition-document.generated.js";

export interface ScopeEntry {
  readonly pointer: string;
  /** "The machine", `State "order"`, `Region "left"`. */
  readonly label: string;
  /** The inner state that is entered first, where the definition names it. */
  readonly initial: string | undefined;
  readonly parent: StateEntry | undefined;
  readonly states: readonly StateEntry[];
  readonly transitions: readonly TransitionEntry[];
  readonly depth: number;
}

export interface StateEntry {
  readonly state: CanonicalState;
  /** The scope that it stands in. */
  readonly home: ScopeEntry;
  readonly pointer: string;
  readonly label: string;
  readonly isFinal: boolean;
  readonly isError: boolean;
  /** Left at once: no data, no actions. */
  readonly isRouting: boolean;
  /** The scopes inside it: its own states, or its regions. */
  readonly inner: readonly ScopeEntry[];
}

export interface TransitionEntry {
  readonly transition: CanonicalTransition;
  /** The scope in whose list it stands. */
  readonly home: ScopeEntry;
  readonly pointer: string;
  readonly label: string;
  /** The ids of its sources, `"*"` expanded; also such as are not defined. */
  readonly sourceIds: readonly string[];
  readonly isAutomatic: boolean;
}

export interface ActionEntry {
  readonly action: CanonicalAction;
  readonly pointer: string;
  readonly label: string;
  /** Its kind: `type`, or what `trigger`, `assign` or `function` imply. */
  readonly kind: string;
  /** The states it runs in: the one whose entry or exit it belongs to, or the sources of its transition. */
  readonly stateIds: readonly string[];
  /** The transition it belongs to. */
  readonly transition: TransitionEntry | undefined;
  /** False for what only undoes or looks after another action. */
  readonly isOrdinary: boolean;
}

export interface RegionEntry {
  readonly region: CanonicalRegion;
  readonly pointer: string;
}
