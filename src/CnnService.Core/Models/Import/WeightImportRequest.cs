using CnnService.Core.Architecture;

namespace CnnService.Core.Models.Import;

/// <summary>A file's tensors and the network to load them into.</summary>
/// <param name="Source">At most <see cref="MaxTensors"/>, with names of at most <see cref="MaxNameLength"/> characters.</param>
/// <param name="Network">Any network; its layers need not match the file's.</param>
public sealed record WeightImportRequest(NamedWeights Source, ResolvedNetwork Network)
{
    public const int MaxTensors = 20_000;

    public const int MaxNameLength = 512;

    /// <summary>Naming convention of the file; null: detected from its names.</summary>
    public WeightConvention? Convention { get; init; }

    /// <summary>Types by name of the tensors whose values were not read: <see cref="SafetensorsContent.Unread"/>.</summary>
    public IReadOnlyDictionary<string, string> Unread { get; init; } = new Dictionary<string, string>();

    /// <summary>Types in the file by name: <see cref="SafetensorsContent.Types"/>; those that are not told count as one type.</summary>
    public IReadOnlyDictionary<string, string> Types { get; init; } = new Dictionary<string, string>();

    /// <summary>Creates the values of tensors missing in the file; null: they are left out of the weights.</summary>
    public Func<NetworkTensor, WeightTensor>? Initialize { get; init; }
}
