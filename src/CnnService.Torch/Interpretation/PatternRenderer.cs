using CnnService.Core.Common;
using CnnService.Core.Interpretation;
using CnnService.Core.Models;
using CnnService.Torch.Native;
using static TorchSharp.torch;

namespace CnnService.Torch.Interpretation;

/// <summary>
/// <see cref="IPatternRenderer"/> with libtorch. Two patterns are drawn at once, whatever the number of requests; a long grid lets
/// others in between its tiles. Thread safe. Owns the networks used last.
/// </summary>
internal sealed class PatternRenderer(TorchRuntime runtime) : IPatternRenderer, IDisposable
{
    private const int AtOnce = 2;

    /// <inheritdoc/>
    public string Revision => "4";

    private readonly Lazy<RenderingSlots> _slots = new(() => new(AtOnce, new(runtime.Require().Folder)));
    private readonly NetworkPool _networks = new(AtOnce);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The network has no such layer or filter, or a value is out of its range.</exception>
    /// <exception cref="InvalidOperationException">The tensor library cannot be loaded.</exception>
    public IReadOnlyList<PatternTile> Render(
        LoadedModel model, PatternRequest request, IReadOnlyList<int> filters, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(filters);
        var slots = _slots.Value;
        var plan = PatternPlan.Of(model.Network, request);
        foreach (var filter in filters)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(filter, nameof(filters));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(filter, plan.Layer.OutputShape.Channels, nameof(filters));
        }

        using var lease = _networks.Acquire(model);
        using var painter = slots.Run(() => new TilePainter(lease.Value, model, plan, request, cancel), cancel);
        return [.. slots.RunAll(filters, filter => painter.Paint(filter, cancel), cancel).SelectMany(tiles => tiles)];
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The network has no such layer.</exception>
    /// <exception cref="InvalidOperationException">The tensor library cannot be loaded.</exception>
    public IReadOnlyList<float[]> Respond(LoadedModel model, PatternRequest request, IReadOnlyList<PixelBuffer> pictures, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(pictures);
        var slots = _slots.Value;
        var response = PatternPlan.Of(model.Network, request).Response;
        using var lease = _networks.Acquire(model);
        return slots.RunAll(pictures, picture => Respond(lease.Value, response, picture), cancel);
    }

    public void Dispose()
    {
        _networks.Dispose();
        if (_slots.IsValueCreated)
        {
            _slots.Value.Dispose();
        }
    }

    private static float[] Respond(LoadedNetwork network, FilterResponse response, PixelBuffer picture)
    {
        using var scope = NewDisposeScope();
        var bytes = tensor(picture.Data, [1, picture.Height, picture.Width, picture.Channels], device: network.Device);
        return response.Means(network, bytes).contiguous().data<float>().ToArray();
    }
}
