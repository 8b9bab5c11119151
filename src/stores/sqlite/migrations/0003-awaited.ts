/**
 * What instances wait for from outside: signals, as before, and messages that are told apart by a value that they carry.
 *
 * Answers under a key of the engine's own (one that holds a line feed) are found without their instance: a message that
 * comes again has to find who took it.
 */
export const AWAITED = `
create table awaited (
  instance_id text not null,
  kind text not null,
  name text not null,
  value text not null,
  primary key (instance_id, kind, name, value)
) strict, without rowid;
create index awaited_by_name on awaited (kind, name, value, instance_id);
insert into awaited (instance_id, kind, name, value) select instance_id, 'signal', signal, '' from signals;
drop table signals;

create index answers_of_engine on answers (key, instance_id) where instr(key, char(10)) > 0;
`;
