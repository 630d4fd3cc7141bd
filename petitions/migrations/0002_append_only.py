"""The event log only grows: the database itself refuses every change to what was written."""

from django.db import migrations

FORBID = """
CREATE FUNCTION petitions_event_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the event log only grows: % is refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER event_only_grows BEFORE UPDATE OR DELETE ON petitions_event
    FOR EACH ROW EXECUTE FUNCTION petitions_event_only_grows();
"""
ALLOW = """
DROP TRIGGER event_only_grows ON petitions_event;
DROP FUNCTION petitions_event_only_grows();
"""


class Migration(migrations.Migration):
    dependencies = [("petitions", "0001_initial")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
