-- A status may have a colour of its own among those that are told apart on every ground; without one it has its state's.
alter table ticket_status add column color text
  check (color in ('red', 'orange', 'yellow', 'green', 'teal', 'blue', 'violet', 'grey'));
