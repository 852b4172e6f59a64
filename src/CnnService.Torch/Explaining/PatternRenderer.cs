using CnnService.Core.Models;
using CnnService.Core.Visualization;
using CnnService.Torch.Native;

namespace CnnService.Torch.Explaining;

/// <summary>
/// <see cref="IPatternRenderer"/> with libtorch. Two patterns are drawn at once, whatever the number of requests; a long grid lets
/// others in between its tiles. Thread safe. Owns the networks used last.
/// </summary>
internal sealed class PatternRenderer(TorchRuntime runtime) : IPatternRenderer, IDisposable
{
    private const int AtOnce = 2;

    private readonly SemaphoreSlim _slots = new(AtOnce);
    private readonly NetworkShelf _shelf = new(AtOnce);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The network has no such layer or filter, or a value is out of its range.</exception>
    public IReadOnlyList<PatternTile> Render(
        LoadedModel model, PatternRequest request, IReadOnlyList<int> filters, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(filters);
        runtime.Require();
        var plan = PatternPlan.Of(model.Network, request);
        foreach (var filter in filters)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(filter, nameof(filters));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(filter, plan.Layer.OutputShape.Channels, nameof(filters));
        }

        using var loan = _shelf.Borrow(model);
        using var painter = InSlot(() => new TilePainter(loan.Network, model, plan, request.Seed, cancel), cancel);
        return [.. filters.Select(filter => InSlot(() => painter.Paint(filter, cancel), cancel))];
    }

    public void Dispose()
    {
        _shelf.Dispose();
        _slots.Dispose();
    }

    private T InSlot<T>(Func<T> work, CancellationToken cancel)
    {
        _slots.Wait(cancel);
        try
        {
            return work();
        }
        finally
        {
            _slots.Release();
        }
    }
}
