using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Drawing.Png;
using CnnService.Core.Models;
using Microsoft.Extensions.Logging;

namespace CnnService.Core.Interpretation.Patterns;

/// <summary>
/// Patterns measured against real pictures: the same pictures of them, with what these make of the filters in figures and labels. The data set is part of
/// the request, so that its figures do not hang on what happens to be kept. Problem codes: those of patterns and of reading pictures. Thread safe.
/// </summary>
/// <param name="cache">Draws and keeps the tiles.</param>
/// <param name="renderer">Says what filters answer.</param>
/// <param name="pixels">The data set's pictures.</param>
/// <param name="encoder">Writes the file.</param>
/// <param name="logger">Hears of failures that no caller waits for.</param>
public sealed class PatternJudge(
    PatternTileCache cache, IPatternRenderer renderer, IPixelCache pixels, IPngEncoder encoder, ILogger<PatternJudge>? logger = null) : IDisposable
{
    /// <summary>Pictures of the split that are looked at where the caller does not say.</summary>
    public const int Usual = 200;

    private const int AtOnce = 16;
    private const long MaxBytes = 32 << 20;

    private readonly CoalescingCache<string, DataResponses> _responses = new(
        new("answers to real pictures") { MaxBytes = MaxBytes, MaxConcurrency = 1 }, responses => responses.Bytes, logger);

    /// <summary>The tag of the picture that <see cref="DrawAsync"/> gives, without drawing or looking at any picture.</summary>
    public static string ETag(PatternJob job, ScanSource source)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(source);
        return PictureKey.Of("judged", job.ETag, source.Dataset.Name, source.Key);
    }

    /// <param name="job">What to draw.</param>
    /// <param name="source">The real pictures; looked at at the network's own size.</param>
    /// <param name="cancel">Ends the waiting.</param>
    public async Task<Outcome<RenderedPicture>> DrawAsync(PatternJob job, ScanSource source, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(source);
        var data = await _responses.GetOrComputeAsync(PictureKey.Of(job.ResponseKey, source.Key), token => Task.Run(() => Look(job, source, token), token), cancel);
        if (data.Problem is { } unreadable)
        {
            return unreadable;
        }

        var tiles = await cache.GetOrRenderAsync(job, cancel);
        var seen = await Task.Run(() => renderer.Respond(job, [.. tiles.Select(tile => tile.Picture)], cancel), cancel);
        PatternFigures[] figures = [.. tiles.Zip(seen, (tile, responses) => Judge(PatternFigures.Of(tile, job.Request), responses, data.Value))];
        return PatternPicture.Of(job, tiles, figures, ETag(job, source), encoder);
    }

    public void Dispose() => _responses.Dispose();

    private static PatternFigures Judge(PatternFigures figures, float[] responses, DataResponses data) => figures with
    {
        Rank = data.Rank(figures.Filter, responses),
        Z = data.Standardized(figures.Filter, figures.Activation),
        DataPictures = data.Pictures,
        DataP50 = data.Quantile(figures.Filter, 0.5),
        DataP99 = data.Quantile(figures.Filter, 0.99),
        DataMax = data.Quantile(figures.Filter, 1),
    };

    private Outcome<DataResponses> Look(PatternJob job, ScanSource source, CancellationToken cancel)
    {
        List<float[]> responses = [];
        List<PixelBuffer> waiting = [];
        var visited = SplitPictures.Visit(pixels, job.Model, source, _ => { }, Add, cancel);
        return visited.Bind<DataResponses>(_ =>
        {
            Answer();
            return new DataResponses(responses);
        });

        Problem? Add(int place, PixelBuffer picture)
        {
            waiting.Add(picture);
            if (waiting.Count == AtOnce)
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
