/**
 * Property tests draw from one seed in the ordinary run, so that a commit that was green stays green. `FC_SEED=NUMBER`
 * looks elsewhere, `FC_SEED=random` anywhere.
 */
import fc from "fast-check";

const chosen = process.env.FC_SEED ?? "20261124";
if (chosen !== "random") fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(chosen) });
