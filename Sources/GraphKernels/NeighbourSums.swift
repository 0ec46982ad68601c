extension NeighbourTable {
  /// Σ `values[neighbour]`, in four sums at once: additions of one sum would wait for each other.
  @inline(__always)
  func sum(over node: Int, of values: UnsafePointer<Double>) -> Double {
    var run = runs[node]
    var sum = 0.0
    while true {
      var a = 0.0
      var b = 0.0
      var c = 0.0
      var d = 0.0
      let count = Int(run.count)
      var i = 0
      while i &+ 4 <= count {
        a += values[Int(run.start[i])]
        b += values[Int(run.start[i &+ 1])]
        c += values[Int(run.start[i &+ 2])]
        d += values[Int(run.start[i &+ 3])]
        i &+= 4
      }
      while i < count {
        a += values[Int(run.start[i])]
        i &+= 1
      }
      sum += (a + b) + (c + d)
      if run.next == 0 { return sum }
      run = runs[Int(run.next)]
    }
  }

  /// Σ `values[neighbour] · weight`, negative weights as 0; only when weighted.
  @inline(__always)
  func weightedSum(over node: Int, of values: UnsafePointer<Double>) -> Double {
    var sum = 0.0
    forEachRun(of: node) { run in
      guard let weights = weights(of: run) else { return }
      for i in 0..<Int(run.count) { sum += values[Int(run.start[i])] * max(weights[i], 0) }
    }
    return sum
  }
}
