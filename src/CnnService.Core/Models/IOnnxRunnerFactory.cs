using CnnService.Core.Common;

namespace CnnService.Core.Models;

/// <summary>Creates runners of ONNX files in OnnxRuntime, for parity checks and evaluation. Thread safe.</summary>
public interface IOnnxRunnerFactory
{
    /// <summary>
    /// A runner of an exported file; owned by the caller. Problem code: <c>model.corrupt</c> where OnnxRuntime rejects it.
    /// </summary>
    /// <param name="onnx">Content of the file.</param>
    /// <param name="preprocessing">Applied to each image.</param>
    /// <param name="output">The output that is given instead of the logits; null: the logits.</param>
    Outcome<INetworkRunner> Load(byte[] onnx, Preprocessing preprocessing, string? output = null);
}
