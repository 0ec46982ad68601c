/// The probability of an event whose odds have this logarithm.
package func probability(ofLogOdds value: Double) -> Double { logistic(value) }
