#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

func naturalLogarithm(_ value: Double) -> Double { log(value) }
package func naturalLogarithm1p(_ value: Double) -> Double { log1p(value) }
package func exponential(_ value: Double) -> Double { exp(value) }
func exponentialMinus1(_ value: Double) -> Double { expm1(value) }
func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
func exponential(_ value: Double) -> Double { exp(value) }
func cosine(_ value: Double) -> Double { cos(value) }

/// ln Γ(x) for x > 0.
func logGamma(_ value: Double) -> Double {
  // Plain `lgamma` writes the sign to a global variable, which threads would share.
  var sign: Int32 = 0
  return lgamma_r(value, &sign)
}

func complementaryError(_ value: Double) -> Double { erfc(value) }
