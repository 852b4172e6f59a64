using CnnService.Core.Common;

namespace CnnService.Core.Models;

/// <summary>A network that can be run forward. Dispose frees native memory. Not thread safe.</summary>
public interface INetworkRunner : IDisposable
{
    /// <summary>The logits of a batch, <c>[N,K]</c> row by row; preprocessing included.</summary>
    float[] Logits(PixelBatch batch);
}
