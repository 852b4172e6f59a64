using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation;

/// <summary>The logits of a served network for many changed copies of an image, by OnnxRuntime. Thread safe.</summary>
public interface IServedScores
{
    /// <summary><c>[N,K]</c> row by row. Problem codes: <c>model.corrupt</c>, <c>explain.failed</c>.</summary>
    /// <param name="model">The version.</param>
    /// <param name="images">At the network's input size and channels.</param>
    Outcome<float[]> Logits(LoadedModel model, IReadOnlyList<ReadOnlyMemory<byte>> images);
}
