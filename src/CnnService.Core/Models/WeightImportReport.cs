using CnnService.Core.Architecture;

namespace CnnService.Core.Models;

/// <summary>Which of a file's tensors were used, and which of the network's were filled.</summary>
/// <param name="Convention">Naming convention of the file, given or detected.</param>
/// <param name="Preset">The preset whose convolutions the network has; null where there is none.</param>
/// <param name="Filled">The network's tensors that got values.</param>
/// <param name="Missing">The network's other tensors.</param>
/// <param name="Unused">The file's tensors that were not used.</param>
/// <param name="Mismatches">Tensors that match by name or order but differ in shape; listed as missing and unused too.</param>
public sealed record WeightImportReport(
    WeightConvention Convention,
    string? Preset,
    IReadOnlyList<FilledTensor> Filled,
    IReadOnlyList<MissingTensor> Missing,
    IReadOnlyList<UnusedTensor> Unused,
    IReadOnlyList<ShapeMismatch> Mismatches)
{
    /// <summary>Every tensor of the network got values.</summary>
    public bool IsComplete => Missing.Count == 0;
}

/// <param name="Name">The network's tensor.</param>
/// <param name="Source">The file's tensor; null for a constant.</param>
/// <param name="Match">How the two were matched.</param>
/// <param name="Change">How the values were rearranged.</param>
public sealed record FilledTensor(string Name, string? Source, MatchKind Match, LayoutChanges Change);

/// <param name="Name">The network's tensor.</param>
/// <param name="Shape">The shape it needs.</param>
public sealed record MissingTensor(string Name, IReadOnlyList<int> Shape);

/// <param name="Name">The file's tensor.</param>
/// <param name="Shape">As in the file; empty where its values were not read.</param>
/// <param name="Reason">Why it was not used, in a few words.</param>
public sealed record UnusedTensor(string Name, IReadOnlyList<int> Shape, string Reason);

/// <param name="Name">The network's tensor.</param>
/// <param name="Shape">The shape it needs.</param>
/// <param name="Source">The file's tensor.</param>
/// <param name="SourceShape">The shape in the file, in this service's layout.</param>
public sealed record ShapeMismatch(string Name, IReadOnlyList<int> Shape, string Source, IReadOnlyList<int> SourceShape);

/// <summary>How a tensor of the file was matched to one of the network.</summary>
public enum MatchKind
{
    /// <summary>The layer has the same name.</summary>
    Name,

    /// <summary>By the published names of the preset.</summary>
    PublishedName,

    /// <summary>By its position among the layers of the same kind and shape.</summary>
    Order,

    /// <summary>Without a tensor in the file: a normalization without gamma or beta gets ones or zeros.</summary>
    Constant,
}

/// <summary>How the values of a tensor were rearranged.</summary>
[Flags]
public enum LayoutChanges
{
    None = 0,

    /// <summary>The axes of a Keras kernel were transposed.</summary>
    Transposed = 1,

    /// <summary>The inputs after a flatten layer were reordered from <c>[H,W,C]</c> to <c>[C,H,W]</c>.</summary>
    FlattenOrder = 2,

    /// <summary>A convolution over the whole map was taken as the equivalent dense layer.</summary>
    Reshaped = 4,
}

/// <summary>A network's weights, as far as the file provides them.</summary>
/// <param name="Network">The network they are for.</param>
/// <param name="Weights">In the network's order; tensors that needed no change share their values with the file's.</param>
/// <param name="Report">What was filled from where.</param>
public sealed record ImportedWeights(ResolvedNetwork Network, NamedWeights Weights, WeightImportReport Report);
