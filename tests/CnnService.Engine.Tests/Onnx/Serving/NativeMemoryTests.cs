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
    private const long Megabyte = 1 << 20;

    /// <summary>Weights of 8 MB: sixty sessions that stay would take 480 MB and more.</summary>
    private readonly TemporaryModel _model = new(Some.Network(
        10, new(16, 16, 3), new FlattenLayer { Name = "flat" }, new DenseLayer { Name = "wide", Units = 2600 }, new DenseLayer { Name = "head" }));

    [Fact]
    public async Task Classify_AfterManyLoadsAndUnloads_HoldsNoMoreMemory()
    {
        await using var classifier = new OnnxClassifier(Options.Create(new ServingOptions()), TimeProvider.System);
        await AssertSteadyAsync(async () =>
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(seed =>
                classifier.ClassifyAsync(_model.Model, _model.Picture((ulong)seed), CancellationToken.None).AsTask()));
            Assert.All(answers, answer => Assert.True(answer.Succeeded));
            classifier.Unload(_model.Folder);
        });
    }

    [Fact]
    public async Task Read_WithReadersThatComeAndGo_HoldsNoMoreMemory() => await AssertSteadyAsync(() =>
    {
        using var reader = new FeatureMapReader(Options.Create(new ServingOptions()));
        Assert.True(reader.Read(_model.Model, "head", _model.Picture(1)).Succeeded);
        return Task.CompletedTask;
    });

    public void Dispose() => _model.Dispose();

    private static async Task AssertSteadyAsync(Func<Task> round)
    {
        for (var i = 0; i < 15; i++)
        {
            await round();
        }

        var before = Resident();
        for (var i = 0; i < 60; i++)
        {
            await round();
        }

        Assert.InRange((Resident() - before) / Megabyte, long.MinValue, 48);
    }

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
