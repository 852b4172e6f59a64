using CnnService.Core.Common;
using CnnService.Onnx.Serving;
using Microsoft.Extensions.Options;

namespace CnnService.Engine.Tests.Onnx.Serving;

public sealed class OnnxRunnerFactoryTests : IDisposable
{
    private readonly TemporaryModel _model = new();
    private readonly OnnxRunnerFactory _factory = new(Options.Create(new ServingOptions()));

    [Fact]
    public void Logits_OfBatchesOfAnySize_AreThoseOfEachImageAlone()
    {
        using var runner = _factory.Load(File.ReadAllBytes(_model.Model.OnnxPath), _model.Model.Manifest.Preprocessing).Value;
        foreach (var size in new[] { 3, 1, 5 })
        {
            var images = Enumerable.Range(0, size).Select(seed => _model.Pixels((ulong)seed)).ToArray();
            var logits = runner.Logits(new(images.SelectMany(image => image).ToArray(), size, 8, 8, 3));

            Near.Equal([.. images.SelectMany(image => _model.Naive.Logits(image))], logits, 1e-5, $"batch of {size}");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(1000)]
    public void Load_OfATruncatedFile_IsAProblem(int length)
    {
        var file = File.ReadAllBytes(_model.Model.OnnxPath)[..length];
        var problem = _factory.Load(file, _model.Model.Manifest.Preprocessing).Problem;

        Assert.Equal((ProblemKind.Unavailable, "model.corrupt"), (problem?.Kind, problem?.Code));
    }

    [Fact]
    public void Load_WithThePreprocessingOfAnotherChannelCount_IsAProblem()
    {
        var problem = _factory.Load(File.ReadAllBytes(_model.Model.OnnxPath), Some.Preprocessing(channels: 1)).Problem;

        Assert.Equal("model.corrupt", problem?.Code);
        Assert.Contains("[N, 1, height, width]", problem!.Detail, StringComparison.Ordinal);
    }

    public void Dispose() => _model.Dispose();
}
