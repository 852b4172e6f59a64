using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Kernels;

/// <summary>A validated request for kernels. Immutable.</summary>
public sealed class KernelPlan
{
    private static readonly int[] AsTheyAre = [0, 1, 2];

    private KernelPlan(LoadedModel model, ResolvedLayer layer, FilterRange range, bool isGrid, KernelRequest request)
    {
        (Model, Layer, Range, IsGrid, Request) = (model, layer, range, isGrid, request);
        ColorChannels = ColorChannelsOf(model.Network, layer);
    }

    /// <summary>Entity tag of the image, hex.</summary>
    public string ETag => ContentKey.Create(
        ["kernels", ContentKey.Content(Model), Model.Name, ContentKey.Text(Model.Version), Layer.Name, IsGrid ? "grid" : "alone",
            Range.ToString(), $"{Request}"]);

    internal LoadedModel Model { get; }

    /// <summary>The convolution.</summary>
    internal ResolvedLayer Layer { get; }

    internal FilterRange Range { get; }

    /// <summary>True for labelled tiles; false for a single tile without a label.</summary>
    internal bool IsGrid { get; }

    internal KernelRequest Request { get; }

    /// <summary>True if the filters take a colour image.</summary>
    internal bool IsColor => ColorChannels is not null;

    /// <summary>For each input channel of the filters, which channel of the network's colour image it is; null if it is none.</summary>
    internal IReadOnlyList<int>? ColorChannels { get; }

    /// <param name="model">The model version.</param>
    /// <param name="layer">Name of a convolution as received.</param>
    /// <param name="offset">Index of the filter, or of the first one in a grid.</param>
    /// <param name="count">Number of filters in a grid, 1 to 64; null for a single filter.</param>
    /// <param name="request">Scale and input channels.</param>
    /// <returns>Problem codes: <c>layer.not-found</c>, <c>layer.no-kernels</c>, <c>filter.not-found</c>, <c>request.invalid</c>.</returns>
    public static Outcome<KernelPlan> Create(LoadedModel model, string layer, int offset, int? count, KernelRequest request)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(request);
        return LayerLookup.Find(model, layer).Bind(found => found.Spec is not Conv2dLayer conv
            ? Problem.Unprocessable("layer.no-kernels", $"The layer '{layer}' is no convolution: it has no kernels to show.")
            : LayerLookup.Filters(found, offset, count ?? 1).Bind(range => Check(request, found, conv) is { } problem
                ? problem
                : Outcome.Success(new KernelPlan(model, found, range, count is not null, request))));
    }

    /// <summary>Directly, or behind a layer that only exchanges the image's channels, as imported networks have.</summary>
    private static IReadOnlyList<int>? ColorChannelsOf(ResolvedNetwork network, ResolvedLayer layer)
    {
        if (layer.Spec is not Conv2dLayer { Groups: 1 } || network.Spec.Input.Channels != 3)
        {
            return null;
        }

        return layer.Inputs[0] == NetworkSpec.InputName ? AsTheyAre
            : network.Find(layer.Inputs[0]) is { Spec: SelectChannelsLayer select, Inputs: [NetworkSpec.InputName] }
                && select.Channels.Order().SequenceEqual(AsTheyAre) ? select.Channels
            : null;
    }

    private static Problem? Check(KernelRequest request, ResolvedLayer layer, Conv2dLayer conv)
    {
        var errors = new ValidationErrors();
        var channels = layer.InputShapes[0].Channels / conv.Groups;
        errors.Require(request.FirstInput >= 0 && request.FirstInput < channels, "in",
            $"must begin between 0 and {channels - 1}, received {request.FirstInput}");
        errors.Require(request.Inputs is >= 1 and <= KernelRequest.MaxInputs, "in",
            $"must name 1 to {KernelRequest.MaxInputs} channels, received {request.Inputs}");
        return errors.Any ? Problem.Validation(errors) : null;
    }
}
