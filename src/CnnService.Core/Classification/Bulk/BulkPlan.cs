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
    /// <summary>The images to classify, in the manifest's order.</summary>
    public IReadOnlyList<DatasetImage> Images { get; } = Split is { } part ? Dataset.Images.Of(part) : Dataset.Images;

    /// <summary>Class names in the order of the model's outputs.</summary>
    public IReadOnlyList<string> Classes => Model.Manifest.Classes;

    /// <summary>Classes of the data set that the model does not know.</summary>
    public IReadOnlyList<string> Unknown { get; } = [.. Dataset.Classes.Except(Model.Manifest.Classes, StringComparer.Ordinal)];

    /// <summary>Identifies the scores: changes with the network and with the images.</summary>
    public byte[] Key() =>
        SHA256.HashData(
            Encoding.UTF8.GetBytes($"{Model.WeightsHash}|{Dataset.Digest}|{Split}|{Images.Count}|{string.Join('\n', Classes)}"));
}
