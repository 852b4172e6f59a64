using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Onnx.Serving;

/// <summary>
/// By what a network made of a version is kept. The same weights may be published twice, with other layers around them or for images that
/// are prepared in another way: the files and the preprocessing are part of it.
/// </summary>
internal static class ModelKey
{
    /// <param name="model">The version.</param>
    /// <param name="part">What is kept of it.</param>
    /// <returns>Begins with the hash of the weights.</returns>
    public static string Create(LoadedModel model, string part) =>
        $"{model.WeightsHash}/{part}/{string.Join(',', model.Manifest.Files.Select(file => file.Sha256))}/"
        + $"{JsonSerializer.Serialize(model.Manifest.Preprocessing, CoreJson.Options)}";
}
