using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Classification;

/// <summary>Runs a published version on tensors, for callers who bring their own. Thread safe.</summary>
public interface ITensorRunner
{
    /// <summary>The names and shapes that the version takes and gives: the file's own outputs, without the layers'.</summary>
    Outcome<TensorSignature> Describe(LoadedModel model);

    /// <summary>
    /// Runs a batch. Problem codes: <c>model.corrupt</c>, <c>inference.output-unknown</c>.
    /// </summary>
    /// <param name="model">The version.</param>
    /// <param name="input">At the network's input size.</param>
    /// <param name="outputs">Outputs of the file, or names of layers, whose values they are; null: the file's own outputs.</param>
    Outcome<IReadOnlyList<NamedTensor>> Run(LoadedModel model, TensorInput input, IReadOnlyList<string>? outputs);

    /// <summary>Gives back the version's memory, once what is under way has finished.</summary>
    void Unload(LoadedModel model);
}

/// <summary>What a version takes and gives.</summary>
/// <param name="Channels">Of the pictures.</param>
/// <param name="Height">Of the pictures.</param>
/// <param name="Width">Of the pictures.</param>
/// <param name="Outputs">Name and shape of each output, the batch left out.</param>
public sealed record TensorSignature(int Channels, int Height, int Width, IReadOnlyList<(string Name, IReadOnlyList<long> Shape)> Outputs);

/// <summary>A batch: preprocessed planes <c>[N,C,H,W]</c>, or pictures as bytes <c>[N,H,W,C]</c>.</summary>
/// <param name="Count">N.</param>
/// <param name="Planes">Null where there are pixels.</param>
/// <param name="Pixels">One piece a picture; null where there are planes.</param>
public sealed record TensorInput(int Count, Memory<float>? Planes, IReadOnlyList<ReadOnlyMemory<byte>>? Pixels);

/// <summary>Float32 values, the last axis running fastest.</summary>
public sealed record NamedTensor(string Name, IReadOnlyList<long> Shape, ReadOnlyMemory<float> Values);
