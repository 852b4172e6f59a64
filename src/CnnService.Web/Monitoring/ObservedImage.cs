using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Web.Monitoring;

/// <summary>An image that was classified for a client.</summary>
/// <param name="Model">The version that classified it.</param>
/// <param name="File">The image file; never modified.</param>
/// <param name="Probabilities">One per class of the version, 0–1.</param>
internal sealed record ObservedImage(LoadedModel Model, ReadOnlyMemory<byte> File, float[] Probabilities)
{
    /// <summary>Index of the most probable class, the first of equal ones.</summary>
    public int Best { get; } = ArgMax.Find(Probabilities);

    public string Label => Model.Manifest.Classes[Best];
}
