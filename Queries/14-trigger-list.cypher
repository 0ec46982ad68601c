// ---
// name: trigger-list
// description: "What crm.triggers.run assigned and is to be sent on a day, the most important first; nothing until it has run."
// parameters:
//   day:
//     type: DATE
//     default: 'null'
//     description: null is today
//   limit:
//     type: INTEGER
//     default: 20
// ---
WITH coalesce($day, date()) AS day
MATCH (c:Client)-[a:ASSIGNED]->(t:Trigger)
WHERE a.group = 'test' AND date(a.sendAt) <= day <= date(a.validUntil) AND a.deliveredAt IS NULL
RETURN c.id AS id, c.name AS name, t.name AS trigger, a.channel AS channel, a.text AS text,
  a.reason AS reason, a.sendAt AS sendAt, a.validUntil AS validUntil
ORDER BY a.priority DESC, id
LIMIT $limit;
