using CnnService.Core.Architecture;
using CnnService.Core.Common;

namespace CnnService.Core.Models;

/// <summary>A published model version: its files and manifest. Immutable; holds no native memory.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Version">From 1.</param>
/// <param name="Folder">Absolute path of the package.</param>
/// <param name="Manifest">Its manifest.</param>
/// <param name="Network">The manifest's network, resolved.</param>
public sealed record LoadedModel(string Name, int Version, string Folder, ModelManifest Manifest, ResolvedNetwork Network)
{
    /// <summary>Problem code of a version whose folder was deleted after it was loaded.</summary>
    public const string WeightsMissing = "model.weights-missing";

    /// <summary>How messages refer to it: by default model and version.</summary>
    public string DisplayName { get => field ?? $"model '{Name}:{Version}'"; init; }

    /// <summary>This model if it has classes. Problem code: <c>model.no-classes</c>.</summary>
    public Outcome<LoadedModel> RequireClasses() => Network.HasClasses ? this : Problem.Unprocessable(
        "model.no-classes",
        HasLayers
            ? $"The {DisplayName} ends in features and classifies nothing: look into it, or train a classifier on it with startFrom."
            : $"The {DisplayName} gives tensors and classifies nothing{TensorNames()}: ask for them under /v2/models/{Name}/infer.");

    /// <summary>False for an opaque graph that only OnnxRuntime can run.</summary>
    public bool HasLayers => Network.HasLayers;

    /// <summary>This model if its network consists of layers. Problem code: <c>model.no-layers</c>.</summary>
    public Outcome<LoadedModel> RequireLayers() => HasLayers ? this : Problem.Unprocessable(
        "model.no-layers",
        $"The {DisplayName} was imported as a graph that only OnnxRuntime carries out, because of "
        + $"{UnsupportedOperators()}: it classifies, but its layers can be neither looked into nor trained.");

    public string OnnxPath => Path.Combine(Folder, ModelPackage.OnnxFile);

    public string WeightsPath => Path.Combine(Folder, ModelPackage.WeightsFile);

    /// <summary>SHA-256 (hex) of the weights; part of the cache key of every derived image.</summary>
    public string WeightsHash =>
        Manifest.Files.First(file => file.Name == (HasLayers ? ModelPackage.WeightsFile : ModelPackage.OnnxFile)).Sha256;

    /// <summary>The weights, read from their file. Problem codes: <c>model.corrupt</c>, <see cref="WeightsMissing"/>.</summary>
    public Outcome<NamedWeights> ReadWeights()
    {
        try
        {
            return SafetensorsFile.Read(WeightsPath).Match<Outcome<NamedWeights>>(content => content.Weights, unreadable => new Problem(
                ProblemKind.Unavailable, ModelPackage.Corrupt, $"The weights of the {DisplayName} cannot be used: {unreadable.Detail}"));
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return Problem.NotFound(WeightsMissing, $"The weights of the {DisplayName} are gone: it was deleted meanwhile.");
        }
    }

    /// <summary>The measure of familiarity; null where the version has none. Problem codes: as of <see cref="ReadWeights"/>.</summary>
    public Outcome<FamiliarityHead?> ReadFamiliarity() => Manifest.Files.Any(file => file.Name == ModelPackage.FamiliarityFile)
        ? FamiliarityHead.Read(Path.Combine(Folder, ModelPackage.FamiliarityFile)).Map(head => (FamiliarityHead?)head)
        : Outcome.Success<FamiliarityHead?>(null);

    private string TensorNames() => Manifest.Import?.FileOutputs is { Count: > 0 } outputs
        ? $" ({string.Join(", ", outputs.Take(6).Select(output => $"'{output.Name}' [{string.Join(", ", output.Shape)}]"))})"
        : "";

    private string UnsupportedOperators() =>
        Manifest.Source?.Unsupported is [var first, ..] ? $"the operator {first.Operation} (node '{first.Node}')" : "its operators";
}
