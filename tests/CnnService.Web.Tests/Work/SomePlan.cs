using CnnService.Core.Architecture.Presets;
using CnnService.Core.Models;
using CnnService.Core.Training;

namespace CnnService.Web.Tests.Work;

/// <summary>A plan of a training, for what looks at plans only.</summary>
internal static class SomePlan
{
    internal static TrainingPlan Create(DeviceChoice device = DeviceChoice.Auto, int batchSize = 32)
    {
        Assert.True(PresetCatalog.TryFind("lenet5", out var preset));
        return new()
        {
            RunId = "run",
            DatasetFolder = "/none",
            Dataset = "pets",
            DatasetDigest = "0",
            Classes = ["cats", "dogs"],
            Architecture = "lenet5",
            Network = preset.Create(2),
            Preprocessing = Preprocessing.Create(NormalizationKind.Rescale, preset.DefaultInput.Channels, [], []),
            Device = device,
            BatchSize = batchSize,
        };
    }
}
