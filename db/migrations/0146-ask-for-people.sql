-- A question may be answered with a person. Their id is kept, so that who is renamed or erased is so there too.
alter table custom_field drop constraint custom_field_type_check;
alter table custom_field add constraint custom_field_type_check
  check (type in ('text', 'textarea', 'number', 'date', 'select', 'multiselect', 'checkbox', 'person'));
