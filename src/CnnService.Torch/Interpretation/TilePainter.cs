using CnnService.Core.Common;
using CnnService.Core.Interpretation;
using CnnService.Core.Models;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Torch.Interpretation;

/// <summary>Draws one tile after another, each alone in its batch, and judges each by the very bytes it hands out. Owns native memory.</summary>
internal sealed class TilePainter : IDisposable
{
    private readonly LoadedNetwork _network;
    private readonly PatternPlan _plan;
    private readonly IPatternAscent _ascent;
    private readonly Func<int, int, TileStreams> _streams;
    private readonly int _variants;
    private readonly float[] _noise;

    /// <param name="network">Outlives this.</param>
    /// <param name="model">Whose network it is.</param>
    /// <param name="plan">What to draw.</param>
    /// <param name="request">What it was made of.</param>
    /// <param name="cancel">Heeded between noise pictures.</param>
    internal TilePainter(LoadedNetwork network, LoadedModel model, PatternPlan plan, PatternRequest request, CancellationToken cancel)
    {
        var channels = model.Network.Spec.Input.Channels;
        (_network, _plan) = (network, plan);
        _noise = NoisePictures.Largest(network, plan, channels, cancel);
        var part = request.ClassDirection == 0 ? plan.Layer.Name : $"{plan.Layer.Name}/class{request.ClassDirection}";
        _streams = (filter, variant) => new(request.SharesStart ? string.Empty : model.WeightsHash, part, filter, request.Seed, variant);
        _variants = request.Diversity;
        _ascent = request.Recipe switch
        {
            PatternRecipe.Quick => new QuickAscent(network, plan, channels),
            PatternRecipe.Article => new ArticleAscent(network, plan, channels),
            _ => new PatternAscent(network, plan, request, channels),
        };
    }

    /// <summary>The filter's pictures: each depends on the ones before it, and on none that follow.</summary>
    internal IReadOnlyList<PatternTile> Paint(int filter, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        List<PatternTile> tiles = [];
        List<Tensor> textures = [];
        for (var variant = 0; variant < _variants; variant++)
        {
            var tile = Paint(filter, _streams(filter, variant), textures, cancel);
            tiles.Add(tile with { Variant = variant });
            if (variant + 1 < _variants)
            {
                textures.Add(_plan.Response.Texture(_network, Unit(tile.Picture)));
            }
        }

        return tiles;
    }

    private PatternTile Paint(int filter, TileStreams streams, List<Tensor> others, CancellationToken cancel)
    {
        var tile = Try(filter, streams, 0, others, cancel);
        for (var attempt = 1; tile.Iterations == 0 && attempt < IPatternAscent.Attempts; attempt++)
        {
            tile = Try(filter, streams, attempt, others, cancel);
        }

        return tile;
    }

    /// <summary>A finished picture as the network takes it.</summary>
    private Tensor Unit(PixelBuffer picture) =>
        tensor(picture.Data, [1, picture.Height, picture.Width, picture.Channels], device: _network.Device).permute(0, 3, 1, 2).to_type(ScalarType.Float32).div(Scalars.White);

    public void Dispose() => _ascent.Dispose();

    /// <summary>One start; no iterations where it gives no gradient.</summary>
    private PatternTile Try(int filter, TileStreams streams, int attempt, List<Tensor> others, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        var position = _ascent.Start(streams, attempt);
        var start = Show(position, filter);
        var hasClimbed = _ascent.Climb(position, filter, streams, attempt, others, cancel);
        var end = hasClimbed ? Show(position, filter) : start;
        return new(
            filter,
            end.Picture,
            end.Activation,
            start.Activation,
            _noise[filter],
            hasClimbed ? _plan.Iterations : 0,
            Math.Max(_plan.Size.Height, _plan.Size.Width),
            hasClimbed ? Judge(end.Activation, _noise[filter]) : PatternStatus.Dead);
    }

    private PatternStatus Judge(double activation, double noise) =>
        _plan.Response.IsSilentAtZero && Math.Max(activation, noise) <= 0 ? PatternStatus.Dead
        : activation > noise ? PatternStatus.Ok
        : PatternStatus.Weak;

    /// <summary>A position's picture in 8 bits, and what the filter makes of that.</summary>
    private Shown Show(Tensor position, int filter)
    {
        using var still = no_grad();
        using var scope = NewDisposeScope();
        var planes = _ascent.Show(position).mul(Scalars.White).round().to_type(ScalarType.Byte);
        var bytes = planes.permute(0, 2, 3, 1).contiguous();
        var means = _plan.Response.Means(_network, bytes);
        var picture = new PixelBuffer(_plan.Size.Width, _plan.Size.Height, (int)bytes.shape[3], bytes.data<byte>().ToArray());
        return new(picture, means[0, filter].item<float>());
    }

    private readonly record struct Shown(PixelBuffer Picture, double Activation);
}
