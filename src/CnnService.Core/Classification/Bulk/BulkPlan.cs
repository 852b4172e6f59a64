using System.Security.Cryptography;
using System.Text;
using CnnService.Core.Datasets;
using CnnService.Core.Models;

namespace CnnService.Core.Classification.Bulk;

/// <summary>The images of a data set, or of a part of it, and the version that shall classify them.</summary>
/// <param name="Model">Has classes.</param>
/// <param name="Dataset">What the images are.</param>
/// <param name="Split">The part; null: all images.</param>
public sealed record BulkPlan(LoadedModel Model, DatasetManifest Dataset, Split? Split)
{
    /// <summary>In the manifest's order.</summary>
    public IReadOnlyList<DatasetImage> Images { get; } = [.. Dataset.Images.Where(image => Split is null || image.Split == Split)];

    /// <summary>The model's classes.</summary>
    public IReadOnlyList<string> Classes => Model.Manifest.Classes;

    /// <summary>The classes of the data set that the model cannot name.</summary>
    public IReadOnlyList<string> Unknown { get; } = [.. Dataset.Classes.Except(Model.Manifest.Classes, StringComparer.Ordinal)];

    /// <summary>Says whose scores these are: another network or other images, another key.</summary>
    public byte[] Key() =>
        SHA256.HashData(
            Encoding.UTF8.GetBytes($"{Model.WeightsHash}|{Dataset.Digest}|{Split}|{Images.Count}|{string.Join('\n', Classes)}"));
}
