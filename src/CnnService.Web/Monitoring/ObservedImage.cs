using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Web.Monitoring;

/// <summary>An image that was answered.</summary>
/// <param name="Model">The version that answered.</param>
/// <param name="File">The image file; nobody changes it any more.</param>
/// <param name="Probabilities">One a class of the version.</param>
internal sealed record ObservedImage(LoadedModel Model, ReadOnlyMemory<byte> File, float[] Probabilities)
{
    /// <summary>The most probable class, the first of equal ones.</summary>
    public int Best { get; } = ArgMax.Find(Probabilities);

    public string Label => Model.Manifest.Classes[Best];
}
