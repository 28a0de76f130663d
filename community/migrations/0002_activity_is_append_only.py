"""The record of what happened can be added to and read, never changed, whoever asks."""

from django.db import migrations

GUARD = """
create function community_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger activity_is_append_only before update or delete on community_activity
    for each row execute function community_refuse_change();
create trigger activity_is_never_truncated before truncate on community_activity
    for each statement execute function community_refuse_change();
"""
UNGUARD = """
drop trigger activity_is_append_only on community_activity;
drop trigger activity_is_never_truncated on community_activity;
drop function community_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("community", "0001_first_tables")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
