/**
 * Every migration, in order; a database's `user_version` is how many of them it has had. Forward only: a released one is
 * never edited, moved or taken out.
 */
import { FIRST_TABLES } from "./0001-first-tables.js";
import { LINKS } from "./0002-links.js";
import { AWAITED } from "./0003-awaited.js";
import { SETTINGS } from "./0004-settings.js";
import { KEYS } from "./0005-keys.js";
import { BEGUN_EFFECTS } from "./0006-begun-effects.js";

export const MIGRATIONS: readonly string[] = [FIRST_TABLES, LINKS, AWAITED, SETTINGS, KEYS, BEGUN_EFFECTS];
