using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Classes;

/// <summary>Logits of a served network for many modified copies of an image, with OnnxRuntime. Thread safe.</summary>
public interface IServedScores
{
    /// <summary><c>[N,K]</c> in C order. Problem codes: <c>model.corrupt</c>, <c>explain.failed</c>,
    /// on the GPU <see cref="Rendering.IDrawingDevice.OutOfMemory"/>.</summary>
    /// <param name="model">The model version.</param>
    /// <param name="images"><c>[H,W,C]</c> bytes each, at the network's input size.</param>
    /// <param name="onGpu">Whether the network runs on the GPU of served models, which there must be.</param>
    Outcome<float[]> Logits(LoadedModel model, IReadOnlyList<ReadOnlyMemory<byte>> images, bool onGpu = false);
}
