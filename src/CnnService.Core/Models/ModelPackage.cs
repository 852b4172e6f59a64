namespace CnnService.Core.Models;

/// <summary>The folder of a model version: the ONNX network, its weights, and the manifest with the hashes of both.</summary>
public static partial class ModelPackage
{
    public const string ManifestFile = "manifest.json";

    public const string OnnxFile = "model.onnx";

    public const string WeightsFile = "weights.safetensors";

    /// <summary>The measure of familiarity, where the version has one; it is part of the ONNX file too.</summary>
    public const string FamiliarityFile = "familiarity.safetensors";
}
