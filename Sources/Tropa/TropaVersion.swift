/// The version of the engine.
public enum TropaVersion {
  public static let current = "0.1.0"
}
