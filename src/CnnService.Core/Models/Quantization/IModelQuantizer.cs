using CnnService.Core.Common;

namespace CnnService.Core.Models.Quantization;

/// <summary>
/// Turns an exported network into one that computes with 8-bit integers where it can: static quantization after training. Thread safe.
/// </summary>
public interface IModelQuantizer
{
    /// <summary>
    /// Runs the network on images, one after another, and keeps the smallest and largest number of every value that is to be quantized.
    /// Problem codes: <c>model.corrupt</c>; <c>quantization.unsupported</c> where no layer can be quantized, or a value is not finite.
    /// </summary>
    /// <param name="onnx">An exported file, batch normalizations folded.</param>
    /// <param name="preprocessing">Applied to each image.</param>
    /// <param name="images">At least one.</param>
    /// <param name="cancel">Checked between images.</param>
    Outcome<IReadOnlyDictionary<string, ValueRange>> Calibrate(
        byte[] onnx, Preprocessing preprocessing, IEnumerable<PixelBatch> images, CancellationToken cancel);

    /// <summary>
    /// The network with 8-bit weights and activations, as operators that every ONNX runtime knows: inputs, outputs and metadata are those
    /// of the file. Deterministic. Problem codes: as of <see cref="Calibrate"/>.
    /// </summary>
    /// <param name="onnx">The file, or one that differs from it only in what follows the logits.</param>
    /// <param name="ranges">What <see cref="Calibrate"/> found.</param>
    Outcome<QuantizedNetwork> Quantize(byte[] onnx, IReadOnlyDictionary<string, ValueRange> ranges);
}
