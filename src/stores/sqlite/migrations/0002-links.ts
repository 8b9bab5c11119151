/**
 * What instances ask of each other: who started whom, and who waits for which signal.
 *
 * The index over parents holds children alone, so that an instance without a parent pays nothing for it. Ordered effects
 * now follow each other by purpose: what a stuck notice holds up is notices.
 */
export const LINKS = `
alter table instances add column parent_id text;
create index instances_by_parent on instances (parent_id, instance_id) where parent_id is not null;

create table signals (
  instance_id text not null,
  signal text not null,
  primary key (instance_id, signal)
) strict, without rowid;
create index signals_by_name on signals (signal, instance_id);

drop index effects_ordered;
create index effects_ordered on effects (instance_id, purpose, seq, ordinal) where is_ordered = 1;
`;
