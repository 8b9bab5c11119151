/**
 * The first tables. Everything is keyed with the instance id first. Tables with large texts keep their row ids, so that
 * a commit appends to them; small rows live in their key.
 *
 * Timers and effects are indexed by due time alone: the one owner of the file holds all partitions, and an index that
 * began with the partition would make every look at what is due a merge of 256 ranges.
 *
 * An ordered effect `is_waiting` while an earlier ordered one of its instance is there; only what does not wait is in the
 * index of what is due, so that an outbox that waits behind one receiver costs nothing to pass by.
 */
export const FIRST_TABLES = `
create table lease (
  id integer primary key check (id = 1),
  epoch integer not null,
  worker_id text not null
) strict;
insert into lease (id, epoch, worker_id) values (1, 0, '');

create table definitions (
  state_machine_id text not null,
  version integer not null,
  hash text not null,
  text text not null,
  published_at text not null,
  author text not null,
  note text not null,
  primary key (state_machine_id, version)
) strict;

create table instances (
  instance_id text not null primary key,
  partition integer not null,
  state_machine_id text not null,
  version integer not null,
  seq integer not null,
  status text not null,
  current_state text not null,
  started_at text not null,
  updated_at text not null,
  snapshot text not null
) strict;
create index instances_by_machine on instances (state_machine_id, instance_id);
create index instances_by_status on instances (status, instance_id);
create index instances_by_state on instances (current_state, instance_id);

create table history (
  instance_id text not null,
  ordinal integer not null,
  text text not null,
  primary key (instance_id, ordinal)
) strict;

create table audit (
  instance_id text not null,
  seq integer not null,
  at text not null,
  type text not null,
  previous_hash text not null,
  hash text not null,
  entry text not null,
  disclosed text not null,
  primary key (instance_id, seq)
) strict;

create table effects (
  instance_id text not null,
  seq integer not null,
  ordinal integer not null,
  partition integer not null,
  purpose text not null,
  is_ordered integer not null,
  is_waiting integer not null,
  due_at_ms integer not null,
  attempts integer not null,
  text text not null,
  primary key (instance_id, seq, ordinal)
) strict, without rowid;
create index effects_by_due on effects (purpose, due_at_ms, instance_id, seq, ordinal) where is_waiting = 0;
create index effects_ordered on effects (instance_id, seq, ordinal) where is_ordered = 1;

create table timers (
  instance_id text not null,
  timer_id text not null,
  partition integer not null,
  due_at_ms integer not null,
  primary key (instance_id, timer_id)
) strict, without rowid;
create index timers_by_due on timers (due_at_ms, instance_id, timer_id);

create table incidents (
  instance_id text not null,
  incident_id text not null,
  is_open integer not null,
  opened_at text not null,
  code text not null,
  text text not null,
  primary key (instance_id, incident_id)
) strict, without rowid;
create index incidents_by_opening on incidents (opened_at, instance_id, incident_id);
create index incidents_open on incidents (opened_at, instance_id, incident_id) where is_open = 1;

create table answers (
  instance_id text not null,
  key text not null,
  fingerprint text not null,
  seq integer not null,
  text text not null,
  expires_at_ms integer not null,
  primary key (instance_id, key)
) strict, without rowid;
create index answers_by_expiry on answers (expires_at_ms);
`;
