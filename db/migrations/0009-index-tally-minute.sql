-- Copying tallies asks for the newest minutes of every integration at once.
create index tally_minute on tally (minute);
