namespace CnnService.Core.Models.Import;

/// <summary>A tensor of the file with its parsed name.</summary>
/// <param name="Name">As in the file.</param>
/// <param name="Path">The layer or module, segments separated by dots.</param>
/// <param name="Part">Null: not a tensor that a network here uses.</param>
/// <param name="Shape">As in the file; empty where the values were not read.</param>
/// <param name="Data">Null where the values were not read.</param>
internal sealed record SourceTensor(string Name, string Path, TensorPart? Part, IReadOnlyList<int> Shape, float[]? Data)
{
    /// <summary>A depthwise kernel of Keras, <c>[h,w,channels,multiplier]</c>.</summary>
    public bool IsDepthwise { get; init; }

    /// <summary>A batch counter (<c>num_batches_tracked</c>), which is not used.</summary>
    public bool IsCounter { get; init; }

    /// <summary>The library whose term the name ends in; null where several libraries use it.</summary>
    public WeightConvention? Hint { get; init; }

    /// <summary>The value type in the file, where the values were not read.</summary>
    public string? UnreadType { get; init; }
}

/// <summary>The tensors of the file that share one path.</summary>
/// <param name="Path">Unique.</param>
/// <param name="Signature">Kind and shape in this service's layout, as of the network's layers it may match; null where it has
/// no weight.</param>
/// <param name="Type">The type in the file of its first tensor; null where it is not told.</param>
internal sealed record SourceLayer(string Path, string? Signature, string? Type);
