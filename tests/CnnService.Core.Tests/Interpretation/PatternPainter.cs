using CnnService.Core.Common;
using CnnService.Core.Interpretation;
using CnnService.Core.Models;

namespace CnnService.Core.Tests.Interpretation;

/// <summary>Paints a gradient that depends on filter and seed; remembers what it was asked; can be held back.</summary>
internal sealed class PatternPainter : IPatternRenderer, IDisposable
{
    public const int Width = 12;
    public const int Height = 10;
    public const int Filters = 5;

    private readonly ManualResetEventSlim _open = new(initialState: true);
    private readonly List<int[]> _calls = [];
    private int _running;

    public string Revision { get; set; } = "1";

    /// <summary>The filters of each call.</summary>
    public IReadOnlyList<int[]> Calls
    {
        get
        {
            lock (_calls)
            {
                return [.. _calls];
            }
        }
    }

    public int? Dead { get; init; }

    public PatternRequest? LastRequest { get; private set; }

    public int MostAtOnce { get; private set; }

    public bool WasCancelled { get; private set; }

    public void Hold() => _open.Reset();

    public void LetGo() => _open.Set();

    public void Dispose() => _open.Dispose();

    public static PixelBuffer Picture(int filter, int seed)
    {
        var picture = new PixelBuffer(Width, Height, 3);
        for (var i = 0; i < picture.Data.Length; i++)
        {
            picture.Data[i] = (byte)((i * 7) + (filter * 31) + seed);
        }

        return picture;
    }

    public IReadOnlyList<PatternTile> Render(
        LoadedModel model, PatternRequest request, IReadOnlyList<int> filters, CancellationToken cancel)
    {
        lock (_calls)
        {
            _calls.Add([.. filters]);
            MostAtOnce = Math.Max(MostAtOnce, ++_running);
            LastRequest = request;
        }

        try
        {
            _open.Wait(cancel);
        }
        catch (OperationCanceledException)
        {
            WasCancelled = true;
            throw;
        }
        finally
        {
            lock (_calls)
            {
                _running--;
            }
        }

        return
        [
            .. filters.SelectMany(filter => Enumerable.Range(0, request.Diversity), (filter, variant) => new PatternTile(
                filter,
                Picture(filter, request.Seed + variant),
                filter + 0.25,
                0.125,
                0.0625,
                request.Iterations!.Value,
                Width,
                filter == Dead ? PatternStatus.Dead : PatternStatus.Ok,
                variant)),
        ];
    }

    /// <summary>Filter f answers f times the picture's first value.</summary>
    public IReadOnlyList<float[]> Respond(LoadedModel model, PatternRequest request, IReadOnlyList<PixelBuffer> pictures, CancellationToken cancel) =>
        [.. pictures.Select(picture => Enumerable.Range(0, Filters).Select(filter => (float)filter * picture.Data[0]).ToArray())];
}
