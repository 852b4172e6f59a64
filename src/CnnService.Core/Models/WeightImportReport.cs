using CnnService.Core.Architecture;

namespace CnnService.Core.Models;

/// <summary>What became of a file's tensors and of the network's.</summary>
/// <param name="Convention">The source's, given or detected.</param>
/// <param name="Preset">The preset whose convolutions the network has; null where there is none.</param>
/// <param name="Filled">The network's tensors that got values.</param>
/// <param name="Missing">The network's other tensors.</param>
/// <param name="Unused">The file's tensors that were not taken.</param>
/// <param name="Mismatches">Tensors that stand for each other, but differ in shape: also among the missing and the unused.</param>
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
/// <param name="Source">The file's; null for a constant.</param>
/// <param name="Match">How they were found to belong together.</param>
/// <param name="Change">What was done to the values.</param>
public sealed record FilledTensor(string Name, string? Source, MatchKind Match, LayoutChanges Change);

/// <param name="Name">The network's tensor.</param>
/// <param name="Shape">What it needs.</param>
public sealed record MissingTensor(string Name, IReadOnlyList<int> Shape);

/// <param name="Name">The file's tensor.</param>
/// <param name="Shape">As in the file; empty where its values were not read.</param>
/// <param name="Reason">Why it was not taken, in a few words.</param>
public sealed record UnusedTensor(string Name, IReadOnlyList<int> Shape, string Reason);

/// <param name="Name">The network's tensor.</param>
/// <param name="Shape">What it needs.</param>
/// <param name="Source">The file's tensor.</param>
/// <param name="SourceShape">What the file has, in our layout.</param>
public sealed record ShapeMismatch(string Name, IReadOnlyList<int> Shape, string Source, IReadOnlyList<int> SourceShape);

/// <summary>How a tensor of the file was found to belong to one of the network.</summary>
public enum MatchKind
{
    /// <summary>The layer goes by the same name.</summary>
    Name,

    /// <summary>By the table of the preset's published names.</summary>
    PublishedName,

    /// <summary>By its place among the layers of the same kind and shape.</summary>
    Order,

    /// <summary>No tensor: a normalization without factor or shift has ones and zeros.</summary>
    Constant,
}

/// <summary>What was done to the values of a tensor.</summary>
[Flags]
public enum LayoutChanges
{
    None = 0,

    /// <summary>A Keras kernel's axes were put into our order.</summary>
    Transposed = 1,

    /// <summary>The values behind a flatten layer were put from <c>[H,W,C]</c> into <c>[C,H,W]</c>.</summary>
    FlattenOrder = 2,

    /// <summary>A convolution over the whole map was taken as the dense layer it is.</summary>
    Reshaped = 4,
}

/// <summary>A network's weights as far as a file goes.</summary>
/// <param name="Network">The network they are for.</param>
/// <param name="Weights">In the network's order; tensors that needed no change share their values with the file's.</param>
/// <param name="Report">What came from where.</param>
public sealed record ImportedWeights(ResolvedNetwork Network, NamedWeights Weights, WeightImportReport Report);
