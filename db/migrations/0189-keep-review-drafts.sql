-- What somebody has begun to write in a review is kept for them like an answer, text by text.
alter table draft drop constraint draft_box_check;
alter table draft add constraint draft_box_check check (box in ('reply', 'note', 'solution',
  'what_happened', 'impact', 'root_cause', 'went_well', 'went_badly'));
