using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Drawing.Png;
using CnnService.Core.Models;
using Microsoft.Extensions.Logging;

namespace CnnService.Core.Interpretation.Patterns;

/// <summary>
/// Patterns measured against real images: the same images of them, with what these make of the filters in figures and labels. The data set
/// is part of the request, so that its figures do not hang on what happens to be kept. Problem codes: those of patterns and of reading
/// images. Thread safe.
/// </summary>
/// <param name="cache">Draws and keeps the tiles.</param>
/// <param name="renderer">Says what filters answer.</param>
/// <param name="pixels">The data set's images.</param>
/// <param name="encoder">Writes the file.</param>
/// <param name="logger">Hears of failures that no caller waits for.</param>
public sealed class PatternJudge(
    PatternTileCache cache, IPatternRenderer renderer, IPixelCache pixels, IPngEncoder encoder, ILogger<PatternJudge>? logger = null)
    : IDisposable
{
    /// <summary>Images of the split that are looked at where the caller does not say.</summary>
    public const int DefaultImages = 200;

    private const int BatchSize = 16;
    private const long MaxBytes = 32 << 20;

    private readonly CoalescingCache<string, DataResponses> _responses = new(
        new("answers to real images") { MaxBytes = MaxBytes, MaxConcurrency = 1 }, responses => responses.Bytes, logger);

    /// <summary>The tag of the image that <see cref="DrawAsync"/> gives, without drawing or looking at any image.</summary>
    public static string ETag(PatternJob job, ScanSource source)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(source);
        return ContentKey.Create("judged", job.ETag, source.Dataset.Name, source.Key);
    }

    /// <param name="job">What to draw.</param>
    /// <param name="source">The real images; looked at at the network's own size.</param>
    /// <param name="cancel">Ends the waiting.</param>
    public async Task<Outcome<RenderedImage>> DrawAsync(PatternJob job, ScanSource source, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(source);
        var data = await _responses.GetOrComputeAsync(ContentKey.Create(job.ResponseKey, source.Key),
            token => Task.Run(() => Look(job, source, token), token), cancel);
        if (data.Problem is { } unreadable)
        {
            return unreadable;
        }

        var tiles = await cache.GetOrRenderAsync(job, cancel);
        var seen = await Task.Run(() => renderer.Respond(job, [.. tiles.Select(tile => tile.Image)], cancel), cancel);
        PatternFigures[] figures = [
            .. tiles.Zip(seen, (tile, responses) => Judge(PatternFigures.Compute(tile, job.Request), responses, data.Value))];
        return PatternImage.Render(job, tiles, figures, ETag(job, source), encoder);
    }

    public void Dispose() => _responses.Dispose();

    private static PatternFigures Judge(PatternFigures figures, float[] responses, DataResponses data) => figures with
    {
        Rank = data.Rank(figures.Filter, responses),
        Z = data.Standardized(figures.Filter, figures.Activation),
        DataImages = data.Images,
        DataP50 = data.Quantile(figures.Filter, 0.5),
        DataP99 = data.Quantile(figures.Filter, 0.99),
        DataMax = data.Quantile(figures.Filter, 1),
    };

    private Outcome<DataResponses> Look(PatternJob job, ScanSource source, CancellationToken cancel)
    {
        List<float[]> responses = [];
        List<PixelBuffer> waiting = [];
        var visited = SplitImages.Visit(pixels, job.Model, source, _ => { }, Add, cancel);
        return visited.Bind<DataResponses>(_ =>
        {
            Answer();
            return new DataResponses(responses);
        });

        Problem? Add(int place, PixelBuffer image)
        {
            waiting.Add(image);
            if (waiting.Count == BatchSize)
            {
                Answer();
            }

            return null;
        }

        void Answer()
        {
            responses.AddRange(renderer.Respond(job, waiting, cancel));
            waiting.Clear();
        }
    }
}
