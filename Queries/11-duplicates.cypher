// ---
// name: duplicates
// description: "Client records that are one person by a shared phone, e-mail address, CRM id, login or ClientID, and the keys that say so."
// parameters:
//   limit:
//     type: INTEGER
//     default: 20
// ---
MATCH (c:Client)
WHERE c.phone IS NOT NULL OR c.email IS NOT NULL OR c.crmId IS NOT NULL OR c.clientId IS NOT NULL
// Without any of them there is nothing to join.
WITH count(c) AS records WHERE records > 0
CALL crm.identity.stream() YIELD nodeId, personId, records AS size, reason
WHERE size > 1
MATCH (c:Client) WHERE id(c) = nodeId
WITH personId, size, collect(c.id) AS ids, collect(DISTINCT c.name) AS names,
  collect(DISTINCT reason) AS reasons
RETURN personId AS person, size AS records, ids, names, reasons
ORDER BY records DESC, person
LIMIT $limit;
