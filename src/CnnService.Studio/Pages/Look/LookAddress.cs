using System.Globalization;
using CnnService.Studio.Service;

namespace CnnService.Studio.Pages.Look;

/// <summary>What is looked at, as the address holds it.</summary>
/// <param name="Model"><c>name</c> or <c>name:version</c>; null: the first there is.</param>
/// <param name="Layer">A layer; null: the network as a whole.</param>
/// <param name="Filter">A filter of the layer, from 0; null: the layer as a whole.</param>
/// <param name="View">What is seen of a layer: <c>maps</c>, <c>patterns</c>, <c>kernels</c>, <c>examples</c>, <c>statistics</c>.</param>
/// <param name="Image"><c>dataset/id</c>; null: one that was given, or the first there is.</param>
internal sealed record LookAddress(string? Model, string? Layer, int? Filter, string? View, string? Image)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        var parameters = new[]
        {
            ("layer", Layer), ("filter", Filter?.ToString(CultureInfo.InvariantCulture)), ("view", View), ("image", Image),
        };
        var query = string.Join('&', parameters.Where(one => one.Item2 is not null)
            .Select(one => $"{one.Item1}={Uri.EscapeDataString(one.Item2!)}"));
        var page = Model is null ? Addresses.Look : Addresses.LookAt(Model);
        return query.Length == 0 ? page : $"{page}?{query}";
    }
}
