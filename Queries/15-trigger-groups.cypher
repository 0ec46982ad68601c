// ---
// name: trigger-groups
// description: "For each trigger, how many clients crm.triggers.run assigned to the test and the control group, and since when."
// ---
MATCH (c:Client)-[a:ASSIGNED]->(t:Trigger)
WITH t, a.experiment AS experiment, c, a
WITH t, experiment, count(DISTINCT CASE a.group WHEN 'test' THEN c END) AS test,
  count(DISTINCT CASE a.group WHEN 'control' THEN c END) AS control, count(a) AS assignments,
  min(a.sendAt) AS first, max(a.sendAt) AS last
RETURN t.name AS trigger, experiment, test, control,
  round(100.0 * control / (test + control), 1) AS percentControl, assignments,
  date(first) AS since, date(last) AS until
ORDER BY trigger, experiment;
