using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Interpretation.Scans;
using CnnService.Core.Models;
using Microsoft.Extensions.Logging;

namespace CnnService.Core.Interpretation.Patterns;

/// <summary>
/// Patterns compared with real images: the same images, with the comparison in their numbers and labels. The data set is part of the
/// request, so that the numbers do not depend on what is cached. Problem codes: those of patterns and of reading images. Thread safe.
/// </summary>
/// <param name="cache">Renders and caches the tiles.</param>
/// <param name="renderer">Measures the responses of filters.</param>
/// <param name="pixels">Gives the pixels of the data set.</param>
/// <param name="logger">Logs failures that no caller awaits.</param>
public sealed class PatternComparison(
    PatternTileCache cache, IPatternRenderer renderer, IPixelCache pixels, ILogger<PatternComparison>? logger = null)
    : IDisposable
{
    /// <summary>Default number of images to compare with.</summary>
    public const int DefaultImages = 200;

    private const int BatchSize = 16;
    private const long MaxBytes = 32 << 20;

    private readonly CoalescingCache<string, DataResponses> _responses = new(
        new("answers to real images") { MaxBytes = MaxBytes, MaxConcurrency = 1 }, responses => responses.Bytes, logger);

    /// <summary>The entity tag of the result of <see cref="DrawAsync"/>, without rendering or reading images.</summary>
    public static string ETag(PatternJob job, ScanSource source)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(source);
        return ContentKey.Create("judged", job.ETag, source.Dataset.Name, source.Key);
    }

    /// <param name="job">What to render.</param>
    /// <param name="source">The real images, scaled to the network's input size.</param>
    /// <param name="cancel">Ends the wait.</param>
    public async Task<Outcome<RenderedPatterns>> DrawAsync(PatternJob job, ScanSource source, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(source);
        var data = await _responses.GetOrComputeAsync(ContentKey.Create(job.ResponseKey, source.Key),
            token => Task.Run(() => ReadResponses(job, source, token), token), cancel);
        return await data.BindAsync(known => cache.GetOrRenderAsync(job, cancel)
            .BindAsync(tiles => Task.Run(() => renderer.Respond(job, [.. tiles.Select(tile => tile.Image)], cancel), cancel)
                .MapAsync(seen => Draw(job, source, tiles, [.. tiles.Zip(seen, (tile, responses) =>
                    Compare(tile.Figures, responses, known))]))));
    }

    public void Dispose() => _responses.Dispose();

    private static RenderedPatterns Draw(
        PatternJob job, ScanSource source, IReadOnlyList<PatternTile> tiles, IReadOnlyList<PatternFigures> figures) =>
        PatternImage.Render(job, tiles, figures, ETag(job, source));

    private static PatternFigures Compare(PatternFigures figures, float[] responses, DataResponses data) => figures with
    {
        Rank = data.Rank(figures.Filter, responses),
        Z = data.Standardized(figures.Filter, figures.Activation),
        DataImages = data.Images,
        DataP50 = data.Quantile(figures.Filter, 0.5),
        DataP99 = data.Quantile(figures.Filter, 0.99),
        DataMax = data.Quantile(figures.Filter, 1),
    };

    private Outcome<DataResponses> ReadResponses(PatternJob job, ScanSource source, CancellationToken cancel)
    {
        List<float[]> responses = [];
        List<PixelBuffer> waiting = [];
        var visited = SplitImages.Visit(pixels, job.Model, source, _ => { }, Add, cancel);
        return visited.Bind(_ => Answer() is { } failed ? failed : (Outcome<DataResponses>)new DataResponses(responses));

        Problem? Add(int place, PixelBuffer image)
        {
            waiting.Add(image);
            return waiting.Count == BatchSize ? Answer() : null;
        }

        Problem? Answer()
        {
            var answered = renderer.Respond(job, waiting, cancel);
            responses.AddRange(answered.Succeeded ? answered.Value : []);
            waiting.Clear();
            return answered.Problem;
        }
    }
}
