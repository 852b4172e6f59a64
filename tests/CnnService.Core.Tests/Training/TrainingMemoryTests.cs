using CnnService.Core.Architecture;
using CnnService.Core.Architecture.Presets;
using CnnService.Core.Common;
using CnnService.Core.Training;

namespace CnnService.Core.Tests.Training;

public sealed class TrainingMemoryTests
{
    /// <summary>Peaks of the resident set, measured with cnn train in float32, without the 350 MiB of the program.</summary>
    [Theory]
    [InlineData("article-cnn", 150, 32, 957)]
    [InlineData("article-cnn", 150, 256, 5554)]
    [InlineData("resnet18", 128, 64, 1805)]
    public void Estimate_OfTrainingsThatWereMeasured_IsNear(string preset, int side, int batchSize, double mebibytes) =>
        Assert.InRange(TrainingMemory.Estimate(Network(preset, side), batchSize) / 1048576, 0.7 * mebibytes, 1.3 * mebibytes);

    private static ResolvedNetwork Network(string name, int side)
    {
        Assert.True(PresetCatalog.TryFind(name, out var preset));
        return NetworkSpecValidator.Resolve(preset.Create(2, new(side, side, 3)), 2, new ValidationErrors())!;
    }
}
