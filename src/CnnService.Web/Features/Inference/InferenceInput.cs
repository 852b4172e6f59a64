using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;

namespace CnnService.Web.Features.Inference;

/// <summary>
/// From the request's one tensor to what the network takes: <c>input</c>, preprocessed planes (FP32 <c>[N,C,H,W]</c>); <c>pixels</c>, pictures as
/// they are (UINT8 <c>[N,H,W,C]</c>); or <c>image</c>, picture files (BYTES <c>[N]</c>).
/// </summary>
internal static class InferenceInput
{
    public const string Planes = "input";
    public const string Pixels = "pixels";
    public const string Image = "image";

    private const int MostPictures = 1024;

    /// <exception cref="FormatException">The tensor holds what it may not.</exception>
    public static Outcome<TensorInput> Of(LoadedModel model, InferenceRequest request, IImageDecoder decoder)
    {
        if (request.Inputs.Count != 1)
        {
            return Invalid($"expected 1 inputs but got {request.Inputs.Count} inputs for model '{model.Name}': {Planes}, {Pixels} or {Image}");
        }

        var tensor = request.Inputs[0];
        var (height, width, channels) = model.Network.Spec.Input;
        return (tensor.Name ?? Image) switch
        {
            Planes => Fits(tensor, RequestedInput.Float32, [channels, height, width]) ?? new TensorInput((int)tensor.Shape[0], tensor.AsFloats(), null),
            Pixels => Fits(tensor, RequestedInput.UInt8, [height, width, channels]) ?? new TensorInput((int)tensor.Shape[0], null, Split(tensor.AsBytes(), (int)tensor.Shape[0])),
            Image => Fits(tensor, RequestedInput.ByteText, []) is { } wrong ? wrong : Decode(tensor.AsTexts(), decoder, new DecodeTarget(width, height, channels)),
            var unknown => Invalid($"unexpected inference input '{unknown}' for model '{model.Name}': it takes {Planes}, {Pixels} or {Image}"),
        };
    }

    /// <summary>The problem with the tensor's form; null where it is right.</summary>
    private static Outcome<TensorInput>? Fits(RequestedInput tensor, string datatype, long[] sizes) =>
        tensor.Datatype != datatype ? Invalid($"unexpected datatype {tensor.Datatype} for input '{tensor.Name}', expecting {datatype}")
        : !tensor.Shape.Skip(1).SequenceEqual(sizes) || tensor.Shape[0] is < 1 or > MostPictures
            ? Invalid($"unexpected shape for input '{tensor.Name}': expected [{string.Join(',', sizes.Prepend(-1))}] with a batch of 1 to {MostPictures}, received [{string.Join(',', tensor.Shape)}]")
        : null;

    private static ReadOnlyMemory<byte>[] Split(ReadOnlyMemory<byte> bytes, int count) =>
        [.. Enumerable.Range(0, count).Select(i => bytes.Slice(i * (bytes.Length / count), bytes.Length / count))];

    private static Outcome<TensorInput> Decode(IReadOnlyList<ReadOnlyMemory<byte>> files, IImageDecoder decoder, DecodeTarget target)
    {
        var pictures = new List<ReadOnlyMemory<byte>>();
        foreach (var file in files)
        {
            var picture = decoder.Decode(file, target);
            if (picture.Problem is { } problem)
            {
                return Invalid($"picture {pictures.Count}: {problem.Detail}");
            }

            pictures.Add(picture.Value.Data);
        }

        return new TensorInput(pictures.Count, null, pictures);
    }

    private static Outcome<TensorInput> Invalid(string detail) => Problem.Invalid("inference.invalid", detail);
}
