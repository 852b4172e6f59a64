using System.Security.Cryptography;
using System.Text;
using CnnService.Core.Datasets;
using CnnService.Core.Models;

namespace CnnService.Core.Classification.Bulk;

/// <summary>Which images of a data set are to be classified by which model version.</summary>
/// <param name="Model">A version with classes.</param>
/// <param name="Dataset">Manifest of the data set.</param>
/// <param name="Split">The split to classify; null for all images.</param>
public sealed record BulkPlan(LoadedModel Model, DatasetManifest Dataset, Split? Split)
{
    private IReadOnlyList<double>? _labelThresholds;

    /// <summary>The images to classify, in the manifest's order.</summary>
    public IReadOnlyList<DatasetImage> Images { get; } = Split is { } part ? Dataset.Images.Of(part) : Dataset.Images;

    /// <summary>Class names in the order of the model's outputs.</summary>
    public IReadOnlyList<string> Classes => Model.Manifest.Classes;

    /// <summary>Classes of the data set that the model does not know.</summary>
    public IReadOnlyList<string> Unknown { get; } = [.. Dataset.Classes.Except(Model.Manifest.Classes, StringComparer.Ordinal)];

    /// <summary>What was set for the classes of the version; null: nothing.</summary>
    public ClassThresholds? Thresholds { get; init; }

    /// <summary>Whether the version itself tells which images it knows.</summary>
    public bool HasFamiliarity => Model.Manifest.Calibration?.Unknown is not null;

    /// <summary>Whether images are known or not: the version tells, or something was set for its classes.</summary>
    public bool TellsKnown => !Model.Network.IsMultiLabel && (HasFamiliarity || Thresholds is not null);

    /// <summary>Numbers of an image: one a class, and where there is such a measure how familiar it is.</summary>
    public int Columns => Classes.Count + (HasFamiliarity ? 1 : 0);

    /// <summary>Probabilities from which an image has a class; null where the version chooses between its classes.</summary>
    public IReadOnlyList<double>? LabelThresholds => _labelThresholds ??= Classification.LabelThresholds.Of(Model, Thresholds);

    /// <summary>Identifies the scores: changes with the network and with the images.</summary>
    public byte[] Key() =>
        SHA256.HashData(
            Encoding.UTF8.GetBytes($"{Model.WeightsHash}|{Dataset.Digest}|{Split}|{Images.Count}|{Columns}|{string.Join('\n', Classes)}"));
}
