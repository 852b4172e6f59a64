using CnnService.Core.Architecture;
using CnnService.Core.Classification.Bulk;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;

namespace CnnService.Core.Tests.Classification.Bulk;

/// <summary>Plans over images of one pixel.</summary>
internal static class SomeBulk
{
    /// <summary>Of a version that tells which images it knows.</summary>
    public static VersionCalibration Calibration { get; } = new()
    {
        Temperature = 1,
        EceBefore = 0,
        EceAfter = 0,
        FittedOn = 1,
        JudgedOn = 1,
        Unknown = new("nearest-neighbour", FamiliarityHead.Threshold, 0.95),
        Before = [],
        After = [],
    };

    /// <param name="folder">Where the model's files would lie.</param>
    /// <param name="modelClasses">In the order of the outputs.</param>
    /// <param name="datasetClasses">In label order.</param>
    /// <param name="labels">Of the images, which are named after their places.</param>
    /// <param name="split">The part that is asked for.</param>
    /// <param name="parts">Of the images; none: all are validation images.</param>
    public static BulkPlan Plan(
        string folder, string[] modelClasses, string[] datasetClasses, int[] labels, Split? split = null, Split[]? parts = null) => new(
        new LoadedModel("m", 1, folder, Model(modelClasses), Network(modelClasses.Length)),
        new DatasetManifest
        {
            Name = "d",
            Classes = datasetClasses,
            Channels = 3,
            Images = [
                .. labels.Select(
                    (label, i) => new DatasetImage($"id-{i}", parts?[i] ?? Split.Validation, label, $"{i:d64}", "image/png", 1, 1,
                        $"{datasetClasses[label]}/{i}.png"))],
            Rejected = [],
            Mean = [],
            Std = [],
            Digest = "0",
            CreatedAt = DateTimeOffset.UnixEpoch,
            Bytes = 1,
        },
        split);

    private static ResolvedNetwork Network(int classes) => NetworkSpecValidator.Resolve(Spec(classes), classes, new ValidationErrors())!;

    private static NetworkSpec Spec(int classes) => new(new InputSpec(1, 1, 3), [new FlattenLayer { Name = "flat" }, new DenseLayer
    {
        Name = "output",
        Units = classes,
    }]);

    private static ModelManifest Model(string[] classes) => new()
    {
        Classes = classes,
        Network = Spec(classes.Length),
        Architecture = "custom",
        Preprocessing = Preprocessing.Create(NormalizationKind.Rescale, 3, [], []),
        Files = [new(ModelPackage.OnnxFile, 1, "1"), new(ModelPackage.WeightsFile, 1, "2")],
        CreatedAt = DateTimeOffset.UnixEpoch,
    };
}
