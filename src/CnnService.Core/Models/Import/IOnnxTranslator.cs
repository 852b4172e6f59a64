using CnnService.Core.Common;

namespace CnnService.Core.Models.Import;

/// <summary>Reads ONNX files of elsewhere. They are not trusted: sizes, depth and shapes are checked before memory is taken.</summary>
public interface IOnnxTranslator
{
    /// <summary>
    /// A file as layers with weights, or, where an operator has no layer, as a graph that OnnxRuntime alone carries out. Problem codes:
    /// <c>onnx.unreadable</c>, <c>onnx.external-data</c>, <c>onnx.unsupported</c>, <c>onnx.too-large</c>.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="labels">The number of class names that were given; null: none.</param>
    /// <param name="notes">Gets what was assumed or left out.</param>
    Outcome<TranslatedNetwork> Translate(string path, int? labels, ICollection<string> notes);

    /// <summary>The file itself as a graph of one layer, though every operator is known: where its layers give something else.</summary>
    /// <param name="translated">As <see cref="Translate"/> gave it.</param>
    /// <param name="reason">Why.</param>
    TranslatedNetwork AsGraph(TranslatedNetwork translated, UnsupportedNode reason);
}
