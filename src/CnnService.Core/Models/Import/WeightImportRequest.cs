using CnnService.Core.Architecture;

namespace CnnService.Core.Models.Import;

/// <summary>A file's tensors, and the network that they shall become the weights of.</summary>
/// <param name="Source">At most <see cref="MostTensors"/>, with names of at most <see cref="MostNameLength"/> characters.</param>
/// <param name="Network">Any; its layers need not be the file's.</param>
public sealed record WeightImportRequest(NamedWeights Source, ResolvedNetwork Network)
{
    public const int MostTensors = 20_000;

    public const int MostNameLength = 512;

    /// <summary>Where the file comes from; null: told from its names.</summary>
    public WeightConvention? Convention { get; init; }

    /// <summary>Tensors of the file whose values were not read, and their types: <see cref="SafetensorsContent.Unread"/>.</summary>
    public IReadOnlyDictionary<string, string> Unread { get; init; } = new Dictionary<string, string>();

    /// <summary>Makes what the file lacks; null: it is left out of the weights.</summary>
    public Func<NetworkTensor, WeightTensor>? Initialize { get; init; }
}
