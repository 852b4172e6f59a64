using System.Security.Cryptography;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Onnx.Gradients;

/// <summary>The tensors of a published version, as its manifest describes them.</summary>
internal static class ModelWeights
{
    /// <summary>Reads them once their SHA-256 is what the manifest says. Problem code: <c>model.corrupt</c>.</summary>
    public static Outcome<NamedWeights> Read(LoadedModel model)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(model.WeightsPath);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Corrupt(model, $"its weights cannot be read ({failure.GetType().Name})");
        }

        if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != model.WeightsHash)
        {
            return Corrupt(model, "its weights are not what the manifest says (SHA-256)");
        }

        using var stream = new MemoryStream(bytes);
        return SafetensorsFile.Read(stream).Then<NamedWeights>(content => content.Weights);
    }

    private static Problem Corrupt(LoadedModel model, string why) =>
        new(ProblemKind.Unavailable, "model.corrupt", $"Version {model.Version} of model '{model.Name}' cannot be looked into: {why}.");
}
