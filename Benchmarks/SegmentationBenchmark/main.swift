import Dispatch
import Segmentation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

// The Swift side of speed.py: reads matrices of doubles, column after column, clusters them, prints
// seconds and what was found, and leaves the labels as 32-bit integers.
//
//   SegmentationBenchmark kmeans POINTS ROWS COLUMNS STARTS K LABELS
//   SegmentationBenchmark cmeans POINTS ROWS COLUMNS DEGREES C LABELS
//   SegmentationBenchmark dbscan POINTS ROWS COLUMNS EPSILON MINPOINTS LABELS

func matrix(_ path: String, rows: Int, columns: Int) -> Matrix {
  guard let file = fopen(path, "rb") else { fail("cannot read \(path)") }
  defer { fclose(file) }
  let values = [Double](unsafeUninitializedCapacity: rows * columns) { buffer, count in
    count = fread(buffer.baseAddress, MemoryLayout<Double>.size, rows * columns, file)
  }
  guard values.count == rows * columns else { fail("\(path) is too short") }
  return Matrix(rowCount: rows, columnCount: columns, values: values)
}

func fail(_ message: String) -> Never {
  print(message)
  exit(2)
}

/// The least of three runs.
func seconds(_ body: () throws -> Void) throws -> Double {
  var best = Double.infinity
  for _ in 0..<3 {
    let start = DispatchTime.now().uptimeNanoseconds
    try body()
    best = min(best, Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9)
  }
  return best
}

let arguments = CommandLine.arguments
guard arguments.count == 8, let rows = Int(arguments[3]), let columns = Int(arguments[4]),
  let number = Double(arguments[6])
else { fail("see the comment in main.swift") }
let points = matrix(arguments[2], rows: rows, columns: columns)
let threads = 2
var labels: [Int] = []
var time = 0.0
var figure = 0.0
switch arguments[1] {
case "kmeans":
  var configuration = KMeans.Configuration()
  configuration.k = Int(number)
  configuration.maxIterations = 20
  configuration.tolerance = 0
  configuration.initialCentroids = matrix(arguments[5], rows: Int(number), columns: columns)
  configuration.concurrency = threads
  time = try seconds {
    let result = try KMeans.run(points, configuration)
    (labels, figure) = (result.labels, result.inertia)
  }
case "cmeans":
  var configuration = FuzzyCMeans.Configuration()
  configuration.c = Int(number)
  configuration.maxIterations = 20
  configuration.tolerance = 0
  configuration.initialMemberships = matrix(arguments[5], rows: rows, columns: Int(number))
  configuration.concurrency = threads
  time = try seconds {
    let result = try FuzzyCMeans.run(points, configuration)
    (labels, figure) = (result.labels, result.objective)
  }
case "dbscan":
  var configuration = DBSCAN.Configuration()
  guard let epsilon = Double(arguments[5]) else { fail("epsilon is no number") }
  configuration.epsilon = epsilon
  configuration.minPoints = Int(number)
  configuration.concurrency = threads
  time = try seconds {
    let result = try DBSCAN.run(points, configuration)
    (labels, figure) = (result.labels, Double(result.clusterCount))
  }
default: fail("unknown method \(arguments[1])")
}
guard let output = fopen(arguments[7], "wb") else { fail("cannot write \(arguments[7])") }
let narrow = labels.map { Int32($0) }
fwrite(narrow, MemoryLayout<Int32>.size, narrow.count, output)
fclose(output)
print(time, figure)
