-- An approver may let somebody else decide in their place: whoever was asked first stays beside whoever decides.
alter table approver add column asked_first uuid references person;
