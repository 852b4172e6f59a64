using CnnService.Core.Common;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Torch.Interpretation;

/// <summary>
/// Renders tiles one at a time, each in a batch of one, and measures the activation of the very bytes it returns. Owns native memory.
/// </summary>
internal sealed class TilePainter : IDisposable
{
    private readonly LoadedNetwork _network;
    private readonly PatternJob _job;
    private readonly FilterResponse _response;
    private readonly IPatternAscent _ascent;
    private readonly float[] _noise;

    /// <param name="network">The network to evaluate; has to outlive the painter.</param>
    /// <param name="job">The patterns to render.</param>
    /// <param name="response">Objective and measure of the job.</param>
    /// <param name="noise">The largest activation of each filter over noise images.</param>
    internal TilePainter(LoadedNetwork network, PatternJob job, FilterResponse response, float[] noise)
    {
        (_network, _job, _response, _noise) = (network, job, response, noise);
        _ascent = job.Request.Method switch
        {
            PatternMethod.Quick => new QuickAscent(network, job, response),
            PatternMethod.Article => new ArticleAscent(network, job, response),
            _ => new PatternAscent(network, job, response),
        };
    }

    /// <summary>
    /// The filter's images, one a variant: each depends on the earlier ones only, so that asking for more changes none of them.
    /// </summary>
    internal IReadOnlyList<PatternTile> Paint(int filter, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        List<PatternTile> tiles = [];
        List<Tensor> textures = [];
        for (var variant = 0; variant < _job.Request.Diversity; variant++)
        {
            var tile = Paint(filter, Streams(filter, variant), textures, cancel);
            tiles.Add(tile with { Figures = tile.Figures with { Variant = variant } });
            if (variant + 1 < _job.Request.Diversity)
            {
                textures.Add(_response.Texture(_network, ToTensor(tile.Image)));
            }
        }

        return tiles;
    }

    private PatternTile Paint(int filter, TileStreams streams, List<Tensor> others, CancellationToken cancel)
    {
        var tile = RunAttempt(filter, streams, 0, others, cancel);
        for (var attempt = 1; tile.Figures.Iterations == 0 && attempt < IPatternAscent.Attempts; attempt++)
        {
            tile = RunAttempt(filter, streams, attempt, others, cancel);
        }

        return tile;
    }

    /// <summary>The 8-bit image as a float tensor <c>[1,C,H,W]</c>, 0–1.</summary>
    private Tensor ToTensor(PixelBuffer image) =>
        tensor(image.Data, [1, image.Height, image.Width, image.Channels], device: _network.Device).permute(0, 3, 1, 2)
        .to_type(ScalarType.Float32).div(OwnedScalars.MaxLevel);

    public void Dispose() => _ascent.Dispose();

    private TileStreams Streams(int filter, int variant)
    {
        var part = _job.ClassDirection == 0 ? _job.Layer.Name : $"{_job.Layer.Name}/class{_job.ClassDirection}";
        return new(_job.Request.SharesStart ? string.Empty : _job.Model.WeightsHash, part, filter, _job.Request.Seed, variant);
    }

    /// <summary>Runs a single attempt; the tile has 0 iterations if its start gives no gradient.</summary>
    private PatternTile RunAttempt(int filter, TileStreams streams, int attempt, List<Tensor> others, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        var position = _ascent.Start(streams, attempt);
        var start = Measure(position, filter);
        var hasGradient = _ascent.Maximize(position, filter, streams, attempt, others, cancel);
        var end = hasGradient ? Measure(position, filter) : start;
        return new(end.Image, new(
            filter,
            end.Activation,
            start.Activation,
            _noise[filter],
            hasGradient ? _job.Iterations : 0,
            Math.Max(_job.Size.Height, _job.Size.Width),
            _job.Request.Seed,
            hasGradient ? StatusOf(end.Activation, _noise[filter]) : PatternStatus.Dead)
        { Settings = _job.Settings });
    }

    private PatternStatus StatusOf(double activation, double noise) =>
        _job.Form.IsSilentAtZero && Math.Max(activation, noise) <= 0 ? PatternStatus.Dead
        : activation > noise ? PatternStatus.Ok
        : PatternStatus.Weak;

    /// <summary>The image at a position in 8 bits, and the filter's mean activation for it.</summary>
    private MeasuredImage Measure(Tensor position, int filter)
    {
        using var still = no_grad();
        using var scope = NewDisposeScope();
        var planes = _ascent.ToImage(position).mul(OwnedScalars.MaxLevel).round().to_type(ScalarType.Byte);
        var bytes = planes.permute(0, 2, 3, 1).contiguous();
        var means = _response.Means(_network, bytes);
        var image = new PixelBuffer(_job.Size.Width, _job.Size.Height, (int)bytes.shape[3], bytes.cpu().data<byte>().ToArray());
        return new(image, means[0, filter].item<float>());
    }

    private readonly record struct MeasuredImage(PixelBuffer Image, double Activation);
}
