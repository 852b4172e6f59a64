using CnnService.Core.Common;

namespace CnnService.Core.Models;

/// <summary>Runs a network forward on batches of images. Owns native memory; dispose it. Not thread safe.</summary>
public interface INetworkRunner : IDisposable
{
    /// <summary>The logits of a batch, <c>[N,K]</c> row by row; preprocessing is applied.</summary>
    float[] Logits(PixelBatch batch);

    /// <summary>As <see cref="Logits"/>, with how familiar each image is, 0–1; null where the network does not tell.</summary>
    (float[] Logits, float[]? Familiarity) Judge(PixelBatch batch) => (Logits(batch), null);
}
