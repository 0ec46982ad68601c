import Dispatch
import Foundation
import Synchronization

/// Ctrl-C.
enum Interrupt {
  private static let flag = Atomic<Bool>(false)

  /// Whether it came since `catchOnce`.
  static var hasCome: Bool { flag.load(ordering: .relaxed) }

  /// The first Ctrl-C sets `hasCome`, so that the work can tidy up; the next ends the process.
  static func catchOnce() {
    flag.store(false, ordering: .relaxed)
    let handler: @convention(c) (Int32) -> Void = { number in
      Interrupt.flag.store(true, ordering: .relaxed)
      signal(number, SIG_DFL)
    }
    signal(SIGINT, handler)
    signal(SIGTERM, handler)
  }

  /// Runs `body` at each Ctrl-C until the source is cancelled.
  static func handle(_ body: @escaping @Sendable () -> Void) -> any DispatchSourceSignal {
    signal(SIGINT, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
    source.setEventHandler(handler: body)
    source.resume()
    return source
  }
}
