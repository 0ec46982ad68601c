import ArgumentParser
import Connectors
import Foundation
import TextAnalysis

struct TextTrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Fits a sentiment model to reviews with stars.",
    discussion: """
      The model is learnt from these reviews alone and belongs to whoever has them. It appears
      under its name when it is whole.

      Examples:
        tropa text train shop.tropa --text text --stars rating \\
          --out reviews.model
        tropa text train reviews.csv.gz --text "Review Text" --stars Rating \\
          --classes 2 --out reviews.model
      """)

  @OptionGroup var input: TextInput
  @OptionGroup var training: TrainingOptions
  @Option(help: ArgumentHelp("The model file; replaced if it is there.", valueName: "file"))
  var out: String

  func run() throws {
    Interrupt.catchOnce()
    let line = ProgressLine()
    do {
      let (texts, marks) = try input.marked(stars: training.stars)
      let model = try training.train(texts, marks, try training.starScale(marks), line)
      line.finish()
      let bytes = model.encoded
      let file = try OutputFile(out, replacing: true)
      try file.write(bytes)
      try file.publish()
      try Terminal.write(
        model.summary + "\(out): \(ByteCount.text(bytes.count)), \(model.version)\n")
    } catch {
      line.finish()
      throw CommandFailure.of(error)
    }
  }
}
