using CnnService.Core.Common;
using CnnService.Core.Interpretation.Ascent;

namespace CnnService.Core.Tests.Interpretation;

/// <summary>Paints a gradient that depends on filter and seed; remembers what it was asked; can be held back.</summary>
internal sealed class PatternPainter : IPatternRenderer, IDisposable
{
    public const int Width = 12;
    public const int Height = 10;
    public const int Filters = 5;

    private readonly ManualResetEventSlim _open = new(initialState: true);
    private readonly List<int> _calls = [];
    private int _running;

    /// <summary>The filter of each call.</summary>
    public IReadOnlyList<int> Calls
    {
        get
        {
            lock (_calls)
            {
                return [.. _calls];
            }
        }
    }

    /// <summary>The answer to every call; null to paint.</summary>
    public Problem? Refusal { get; set; }

    public int? Dead { get; init; }

    public int MaxConcurrency => 2;

    public PatternJob? LastJob { get; private set; }

    public int MostAtOnce { get; private set; }

    public bool WasCancelled { get; private set; }

    public void Hold() => _open.Reset();

    public void LetGo() => _open.Set();

    public void Dispose() => _open.Dispose();

    public static PixelBuffer Image(int filter, int seed)
    {
        var image = new PixelBuffer(Width, Height, 3);
        for (var i = 0; i < image.Data.Length; i++)
        {
            image.Data[i] = (byte)((i * 7) + (filter * 31) + seed);
        }

        return image;
    }

    public Task<Outcome<IReadOnlyList<PatternTile>>> RenderAsync(PatternJob job, int filter, CancellationToken cancel) =>
        Task.Run(() => Refusal ?? Outcome.Success(Render(job, filter, cancel)), cancel);

    /// <summary>Filter f answers f times the image's first value.</summary>
    public Outcome<IReadOnlyList<float[]>> Respond(PatternJob job, IReadOnlyList<PixelBuffer> images, CancellationToken cancel) =>
        Refusal is { } refused ? refused : Outcome.Success<IReadOnlyList<float[]>>(
            [.. images.Select(image => Enumerable.Range(0, Filters).Select(filter => (float)filter * image.Data[0]).ToArray())]);

    private IReadOnlyList<PatternTile> Render(PatternJob job, int filter, CancellationToken cancel)
    {
        lock (_calls)
        {
            _calls.Add(filter);
            MostAtOnce = Math.Max(MostAtOnce, ++_running);
            LastJob = job;
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
            .. Enumerable.Range(0, job.Request.Diversity).Select(variant => new PatternTile(
                Image(filter, job.Request.Seed + variant),
                new(
                    filter,
                    filter + 0.25,
                    0.125,
                    0.0625,
                    job.Iterations,
                    Width,
                    job.Request.Seed,
                    filter == Dead ? PatternStatus.Dead : PatternStatus.Ok,
                    variant) { Settings = job.Settings })),
        ];
    }
}
