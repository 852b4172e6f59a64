namespace CnnService.Core.Models.Import;

/// <summary>A tensor of the file, its name taken apart.</summary>
/// <param name="Name">As in the file.</param>
/// <param name="Path">The layer or module, segments divided by dots.</param>
/// <param name="Part">Null: nothing that a network here needs.</param>
/// <param name="Shape">As in the file; empty where the values were not read.</param>
/// <param name="Data">Null where the values were not read.</param>
internal sealed record SourceTensor(string Name, string Path, TensorPart? Part, IReadOnlyList<int> Shape, float[]? Data)
{
    /// <summary>A depthwise kernel of Keras, <c>[h,w,channels,multiplier]</c>.</summary>
    public bool IsDepthwise { get; init; }

    /// <summary>Counts batches; no network here needs it.</summary>
    public bool IsCounter { get; init; }

    /// <summary>The library whose word the name ends in; null where several say it so.</summary>
    public WeightConvention? Hint { get; init; }

    /// <summary>The type in the file, where the values were not read.</summary>
    public string? UnreadType { get; init; }
}

/// <summary>The tensors of the file that have one path.</summary>
/// <param name="Path">Unique.</param>
/// <param name="Signature">Kind and shape in our layout, equal to that of the network's layers it may stand for; null where it has no weight.</param>
internal sealed record SourceLayer(string Path, string? Signature);
