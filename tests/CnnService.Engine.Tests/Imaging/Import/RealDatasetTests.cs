using System.Diagnostics;
using CnnService.Core.Datasets;
using CnnService.Tests.Shared;

namespace CnnService.Engine.Tests.Imaging.Import;

/// <summary>Real data sets of tens of thousands of files, from folders.</summary>
[LongProof]
public sealed class RealDatasetTests(ITestOutputHelper output) : IDisposable
{
    private readonly TestImaging _imaging = new();

    [Fact]
    public async Task Import_DogsVsCats_TakesEveryImage()
    {
        var watch = Stopwatch.StartNew();
        var (folder, result) = await _imaging.ImportAsync(DatasetOrigin.Folder, SharedData.Path("dogs-vs-cats-small"));
        output.WriteLine($"{watch.Elapsed.TotalSeconds:F1} s");
        var manifest = result.Value;
        Assert.Equal(["cats", "dogs"], manifest.Classes);
        Assert.Empty(manifest.Rejected);
        Assert.Equal((2000, 1000),
            (manifest.Images.Count(i => i.Split == Split.Train), manifest.Images.Count(i => i.Split == Split.Validation)));
        using var pixels = _imaging.Cache.Open(folder, manifest, Split.Validation, 150, 150, 3, CancellationToken.None).Value;
        Assert.Equal(500, Enumerable.Range(0, pixels.Count).Sum(pixels.Label));
    }

    [Fact]
    public async Task Import_FashionMnist_ReadsIdxPairs()
    {
        var watch = Stopwatch.StartNew();
        var manifest = (await _imaging.ImportAsync(DatasetOrigin.Folder, SharedData.Path("fashion-mnist"))).Result.Value;
        output.WriteLine($"{watch.Elapsed.TotalSeconds:F1} s");
        Assert.Equal(1, manifest.Channels);
        Assert.Equal(10, manifest.Classes.Count);
        Assert.Equal(10000, manifest.Images.Count(i => i.Split == Split.Test));
        Assert.Equal(20000, manifest.Images.Count(i => i.Split != Split.Test));
    }

    public void Dispose() => _imaging.Dispose();
}
