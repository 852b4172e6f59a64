using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Onnx.Serving;

/// <summary>
/// Cache key of a network derived from a version. The same weights may be published with other layers or another preprocessing, so that the
/// key includes the hashes of all files and the preprocessing.
/// </summary>
internal static class ModelKey
{
    /// <param name="model">The version.</param>
    /// <param name="part">The derived part, such as a layer's name.</param>
    /// <returns>A key that begins with the hash of the weights.</returns>
    public static string Create(LoadedModel model, string part) =>
        $"{model.WeightsHash}/{part}/{string.Join(',', model.Manifest.Files.Select(file => file.Sha256))}/"
        + $"{JsonSerializer.Serialize(model.Manifest.Preprocessing.Describe(), CoreJson.Options)}";
}
