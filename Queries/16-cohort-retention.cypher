// ---
// name: cohort-retention
// description: "Of the clients who first bought in a month, how many per cent bought in each of the months after."
// parameters:
//   months:
//     type: INTEGER
//     default: 6
//   referenceDate:
//     type: DATE
//     default: 'null'
//     description: null is the day after the last purchase
// ---
CALL crm.cohorts.stats({periods: $months, referenceDate: $referenceDate})
YIELD cohort, clients, period, retention
WHERE period > 0
WITH cohort, clients, period, retention ORDER BY cohort, period
RETURN cohort, clients, collect(round(100 * retention, 1)) AS percentInMonths
ORDER BY cohort;
