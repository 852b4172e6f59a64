using CnnService.Core.Common;

namespace CnnService.Core.Models.Import;

/// <summary>Reads third-party ONNX files. They are untrusted: sizes, depth and shapes are checked before memory is allocated.</summary>
public interface IOnnxTranslator
{
    /// <summary>
    /// Translates a file to layers with weights or, where an operator has no matching layer type, to an opaque graph that only OnnxRuntime
    /// can run. Problem codes: <c>onnx.unreadable</c>, <c>onnx.external-data</c>, <c>onnx.unsupported</c>, <c>onnx.too-large</c>,
    /// <c>onnx.output</c>.
    /// </summary>
    /// <param name="source">The file.</param>
    /// <param name="notes">Receives what was assumed or left out.</param>
    Outcome<TranslatedNetwork> Translate(OnnxSource source, ICollection<string> notes);

    /// <summary>The file as an opaque graph although every operator is supported, because its layers give different outputs.</summary>
    /// <param name="translated">The result of <see cref="Translate"/>.</param>
    /// <param name="reason">Recorded in the report.</param>
    TranslatedNetwork AsGraph(TranslatedNetwork translated, UnsupportedNode reason);
}
