"""What rows of before the whole process mean in its terms."""

from django.db import migrations

SQL = """
UPDATE petitions_deadline SET counts_from = started_at;
UPDATE petitions_reply SET shown_at = at;
UPDATE petitions_petition SET handed_at = dispatched_at WHERE dispatched_at IS NOT NULL;
UPDATE petitions_servicestandard SET signed = true WHERE code IN ('P3', 'P4');
UPDATE petitions_servicestandard SET extend = CASE code
    WHEN 'P0' THEN '2wd' WHEN 'P2' THEN '5wd' WHEN 'P3' THEN '15wd' WHEN 'P4' THEN '30wd' ELSE '' END;
UPDATE petitions_servicestandard SET extend_by_conference = true WHERE code = 'P4';
UPDATE petitions_servicestandard SET from_filing = true, dispatch = '1wd' WHERE code = 'X1' AND dispatch = '';
"""


class Migration(migrations.Migration):
    dependencies = [("petitions", "0003_whole_process")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
