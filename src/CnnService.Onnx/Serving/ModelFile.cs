using System.Security.Cryptography;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Onnx.Serving;

/// <summary>Reads the ONNX file of a published version, checked against its manifest.</summary>
internal static class ModelFile
{
    /// <summary>The bytes of the file, if their SHA-256 equals the manifest's. Problem code: <c>model.corrupt</c>.</summary>
    public static Outcome<byte[]> Read(LoadedModel model)
    {
        var expected = model.Manifest.Files.First(file => file.Name == ModelPackage.OnnxFile).Sha256;
        byte[] bytes;
        try
        {
            bytes = RegularFile.ReadAllBytes(model.OnnxPath);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Corrupt(model, $"its file cannot be read ({failure.GetType().Name})");
        }

        return Convert.ToHexStringLower(SHA256.HashData(bytes)) == expected
            ? bytes
            : Corrupt(model, "its file is not what the manifest says (SHA-256)");
    }

    private static Problem Corrupt(LoadedModel model, string why) =>
        new(ProblemKind.Unavailable, "model.corrupt", $"Version {model.Version} of model '{model.Name}' cannot be served: {why}.");
}
