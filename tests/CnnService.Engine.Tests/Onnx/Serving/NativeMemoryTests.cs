using System.Diagnostics;
using CnnService.Core.Architecture;
using CnnService.Onnx.Serving;
using Microsoft.Extensions.Options;

namespace CnnService.Engine.Tests.Onnx.Serving;

/// <summary>Alone in the process, whose memory is what they measure.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class NativeMemorySuite
{
    public const string Name = "Native memory of OnnxRuntime";
}

[Collection(NativeMemorySuite.Name)]
public sealed class NativeMemoryTests : IDisposable
{
    private const int Rounds = 150;

    /// <summary>Weights of 4 MB: sessions that stay would take 600 MB and more. The allocator may keep some pages of its arenas.</summary>
    private const long MostMegabytes = 100;

    private readonly TemporaryModel _model = new(Some.Network(
        10, new(16, 16, 3), new FlattenLayer { Name = "flat" }, new DenseLayer
        {
            Name = "wide",
            Units = 1300,
        }, new DenseLayer { Name = "head" }));

    [Fact]
    public async Task Classify_AfterManyLoadsAndUnloads_HoldsNoSessionAndNoMemory()
    {
        var before = OnnxNetwork.OpenCount;
        await using (var bench = new ServingBench())
        {
            var classifier = bench.Classifier;
            await AssertSteadyAsync(async () =>
            {
                var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(seed =>
                    classifier.ClassifyAsync(_model.Model, _model.Image((ulong)seed), CancellationToken.None).AsTask()));
                Assert.All(answers, answer => Assert.True(answer.Succeeded));
                classifier.Unload(_model.Folder);
            });
        }

        Assert.Equal(before, OnnxNetwork.OpenCount);
    }

    [Fact]
    public async Task Classify_UnloadedUnderLoad_HoldsNoSession()
    {
        var before = OnnxNetwork.OpenCount;
        await using (var bench = new ServingBench(new ServingOptions { MaxLoadedModels = 1 }))
        {
            var classifier = bench.Classifier;
            using var other = new TemporaryModel();
            await Task.WhenAll(Enumerable.Range(0, 8).Select(caller => Task.Run(async () =>
            {
                for (var i = 0; i < 20; i++)
                {
                    var model = (caller + i) % 3 == 0 ? other : _model;
                    Assert.True((await classifier.ClassifyAsync(model.Model, model.Image(1), CancellationToken.None)).Succeeded);
                    classifier.Unload(model.Folder);
                }
            })));
        }

        Assert.Equal(before, OnnxNetwork.OpenCount);
    }

    [Fact]
    public async Task Read_OfManyLayersByReadersThatComeAndGo_HoldsNoSessionAndNoMemory()
    {
        var before = OnnxNetwork.OpenCount;
        await AssertSteadyAsync(() =>
        {
            using var reader = new FeatureMapReader(Options.Create(new ServingOptions()));
            Assert.True(reader.Read(_model.Model, _model.Model.Network.Find("head")!, _model.Image(1)).Succeeded);
            return Task.CompletedTask;
        });

        Assert.Equal(before, OnnxNetwork.OpenCount);
    }

    [Fact]
    public void Read_OfMoreLayersThanAreKept_HoldsOnlyThese()
    {
        var before = OnnxNetwork.OpenCount;
        using var deep = new TemporaryModel(Some.Network(
            3,
            new(6, 6, 3),
            [.. Enumerable.Range(0, 20).Select(i => new ActivationLayer { Name = $"a{i}" }), new FlattenLayer(), new DenseLayer()]));
        using (var reader = new FeatureMapReader(Options.Create(new ServingOptions())))
        {
            foreach (var layer in deep.Model.Network.Layers)
            {
                Assert.True(reader.Read(deep.Model, layer, deep.Image(1)).Succeeded);
            }

            Assert.Equal(FeatureMapReader.Capacity, OnnxNetwork.OpenCount - before);
        }

        Assert.Equal(before, OnnxNetwork.OpenCount);
    }

    public void Dispose() => _model.Dispose();

    private static async Task AssertSteadyAsync(Func<Task> round)
    {
        for (var i = 0; i < 20; i++)
        {
            await round();
        }

        var before = Megabytes();
        for (var i = 0; i < Rounds; i++)
        {
            await round();
        }

        Assert.InRange(Megabytes() - before, long.MinValue, MostMegabytes);
    }

    /// <summary>Resident, after managed garbage has gone. What is only finalized, not disposed, shows in the count of
    /// open networks.</summary>
    private static long Megabytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64 >> 20;
    }
}
