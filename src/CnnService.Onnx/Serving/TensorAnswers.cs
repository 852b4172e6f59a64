using CnnService.Core.Classification;
using CnnService.Core.Common;

namespace CnnService.Onnx.Serving;

/// <summary>Joins the answers to the segments of an input.</summary>
internal static class TensorAnswers
{
    /// <param name="parts">Answers in the order of the input; the first problem becomes the result.</param>
    public static Outcome<TensorAnswer> Join(IReadOnlyList<Outcome<TensorAnswer>> parts)
    {
        if ((parts.FirstOrDefault(part => !part.Succeeded) ?? (parts.Count == 1 ? parts[0] : null)) is { } whole)
        {
            return whole;
        }

        TensorAnswer[] answers = [.. parts.Select(part => part.Value)];
        return answers[0] with
        {
            Tensors = [.. answers[0].Tensors.Select((_, i) => Join([.. answers.Select(answer => answer.Tensors[i])]))],
            Queue = answers.Max(answer => answer.Queue),
            Inference = answers.Max(answer => answer.Inference),
            BatchSize = answers.Max(answer => answer.BatchSize),
        };
    }

    private static NamedTensor Join(NamedTensor[] pieces)
    {
        var values = new float[pieces.Sum(piece => piece.Values.Length)];
        var filled = 0;
        foreach (var piece in pieces)
        {
            piece.Values.CopyTo(values.AsMemory(filled));
            filled += piece.Values.Length;
        }

        return new(pieces[0].Name, [pieces.Sum(piece => piece.Shape[0]), .. pieces[0].Shape.Skip(1)], values);
    }
}
