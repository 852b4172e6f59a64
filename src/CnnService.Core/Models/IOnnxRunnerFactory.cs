using CnnService.Core.Common;

namespace CnnService.Core.Models;

/// <summary>Runs ONNX files in OnnxRuntime, for parity checks and evaluation. Thread safe.</summary>
public interface IOnnxRunnerFactory
{
    /// <summary>A runner of an exported file. Problem code: <c>model.corrupt</c> where OnnxRuntime refuses it.</summary>
    /// <param name="onnx">The file's content.</param>
    /// <param name="preprocessing">From bytes to what the network takes.</param>
    Outcome<INetworkRunner> Load(byte[] onnx, Preprocessing preprocessing);
}
