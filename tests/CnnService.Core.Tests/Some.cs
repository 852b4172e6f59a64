using CnnService.Core.Architecture;
using CnnService.Core.Architecture.Presets;
using CnnService.Core.Common;
using CnnService.Core.Datasets;

namespace CnnService.Core.Tests;

/// <summary>Small valid things for tests.</summary>
internal static class Some
{
    public static readonly InputSpec Image = new(8, 8, 3);

    public static ResolvedNetwork Preset(string name, int classes, InputSpec? input = null)
    {
        Assert.True(PresetCatalog.TryFind(name, out var preset), name);
        return Network(preset.Create(classes, input), classes);
    }

    public static ResolvedNetwork Network(NetworkSpec spec, int classes = 2)
    {
        var errors = new ValidationErrors();
        var network = NetworkSpecValidator.Resolve(spec, classes, errors);
        Assert.False(errors.Any, Text(errors));
        return network!;
    }

    public static ResolvedNetwork Network(params LayerSpec[] layers) => Network(new NetworkSpec(Image, layers));

    /// <summary>The given layers, a flatten and a dense layer behind them.</summary>
    public static NetworkSpec Headed(InputSpec input, params IEnumerable<LayerSpec> layers) =>
        new(input, [.. layers, new FlattenLayer { Name = "flat" }, new DenseLayer { Name = "output" }]);

    /// <summary>Every broken rule as <c>path: rule</c>, in the order of the paths.</summary>
    public static string Text(ValidationErrors errors) =>
        string.Join('\n', errors.ToDictionary().SelectMany(e => e.Value.Select(rule => $"{e.Key}: {rule}")));

    /// <summary>A data set "d" of two classes in turn.</summary>
    public static DatasetManifest Dataset(int train, int validation) => new()
    {
        Name = "d",
        Classes = ["x", "y"],
        Channels = 3,
        Images =
        [
            .. Enumerable.Range(0, train + validation).Select(i => new DatasetImage(
                $"image-{i}", i < train ? Split.Train : Split.Validation, i % 2, "aa", "image/png", 1, 1, "x")),
        ],
        Rejected = [],
        Mean = [0.5, 0.5, 0.5],
        Std = [0.25, 0.25, 0.25],
        Digest = "digest",
        CreatedAt = DateTimeOffset.UnixEpoch,
        Bytes = 4,
    };
}
