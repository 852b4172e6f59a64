using CnnService.Core.Common;

namespace CnnService.Core.Models.Starts;

/// <summary>Reads constants of ONNX files.</summary>
public interface IOnnxConstants
{
    /// <summary>
    /// A constant as float32. Problem codes: those of reading an ONNX file, and <c>onnx.no-such-constant</c>.
    /// </summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="name">Name of an initializer.</param>
    Outcome<WeightTensor> Read(string path, string name);
}
