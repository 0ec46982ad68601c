// ---
// name: client-features
// description: "Writes what is known of every client at a date (featureRecency, featureViews ...), and lists the features."
// parameters:
//   referenceDate:
//     type: DATE
//     default: 'null'
//     description: the day the features are for; null is the day after the last purchase
//   everybody:
//     type: BOOLEAN
//     default: 'false'
//     description: also clients who looked and never bought
// write: true
// ---
CALL crm.features.write({referenceDate: $referenceDate, includeNonBuyers: $everybody})
YIELD clients, nodePropertiesWritten, referenceDate
RETURN clients, nodePropertiesWritten, referenceDate;

CALL crm.features.stats({referenceDate: $referenceDate, includeNonBuyers: $everybody})
YIELD feature, kind, meaning, clients, missing, mean, median, maximum, note
RETURN feature, kind, meaning, clients, missing, round(mean, 3) AS mean, round(median, 3) AS median,
  round(maximum, 3) AS maximum, note;
