using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Web.Features.Inference;

/// <summary>
/// From the request's one tensor to what the network takes: <c>input</c>, preprocessed planes (FP32 <c>[N,C,H,W]</c>); <c>pixels</c>, pictures as
/// they are (UINT8 <c>[N,H,W,C]</c>); or <c>image</c>, picture files (BYTES <c>[N]</c>).
/// </summary>
internal sealed class InferenceInput(ClassificationPipeline pipeline)
{
    public const string Planes = "input";
    public const string Pixels = "pixels";
    public const string Image = "image";

    private const int MostPictures = 1024;

    /// <summary>The pictures of a request whose tensor has the form that the model takes. Problem code: <c>inference.invalid</c>.</summary>
    public static Outcome<int> Check(LoadedModel model, InferenceRequest request)
    {
        if (request.Inputs.Count != 1)
        {
            return Invalid($"expected 1 inputs but got {request.Inputs.Count} inputs for model '{model.Name}': {Planes}, {Pixels} or {Image}");
        }

        var tensor = request.Inputs[0];
        var (height, width, channels) = model.Network.Spec.Input;
        return (tensor.Name ?? Image) switch
        {
            Planes => Fits(tensor, RequestedInput.Float32, [channels, height, width]),
            Pixels => Fits(tensor, RequestedInput.UInt8, [height, width, channels]),
            Image => Fits(tensor, RequestedInput.ByteText, []),
            var unknown => Invalid($"unexpected inference input '{unknown}' for model '{model.Name}': it takes {Planes}, {Pixels} or {Image}"),
        };
    }

    /// <summary>Reads what follows the JSON, and decodes picture files.</summary>
    /// <exception cref="FormatException">The tensor holds what it may not.</exception>
    public async ValueTask<Outcome<TensorInput>> ReadAsync(LoadedModel model, RequestedInput tensor, InferenceBody body, CancellationToken cancel)
    {
        var count = (int)tensor.Shape[0];
        switch (tensor.Name)
        {
            case Planes when tensor.Announced is { } bytes:
                var floats = await body.FloatsAsync(bytes, cancel);
                return await EndedAsync(body, new TensorInput(count, floats.Values, null, floats), cancel);
            case Planes:
                return await EndedAsync(body, new TensorInput(count, tensor.Numbers, null), cancel);
            case Pixels:
                var pixels = tensor.Announced is { } announced ? await body.BytesAsync(announced, cancel) : tensor.NumbersAsBytes();
                return await EndedAsync(body, new TensorInput(count, null, Pieces(pixels, count)), cancel);
            default:
                return await DecodeAsync(model, await FilesAsync(tensor, body, cancel), cancel);
        }
    }

    private static async Task<TensorInput> EndedAsync(InferenceBody body, TensorInput input, CancellationToken cancel)
    {
        try
        {
            await body.RequireEndAsync(cancel);
            return input;
        }
        catch
        {
            input.Owner?.Dispose();
            throw;
        }
    }

    private static async Task<IReadOnlyList<ReadOnlyMemory<byte>>> FilesAsync(RequestedInput tensor, InferenceBody body, CancellationToken cancel)
    {
        if (tensor.Name is null)
        {
            return [await body.RestAsync(cancel)];
        }

        var files = tensor.Announced is { } bytes ? tensor.Split(await body.BytesAsync(bytes, cancel)) : tensor.TextsAsBytes();
        await body.RequireEndAsync(cancel);
        return files;
    }

    private async Task<Outcome<TensorInput>> DecodeAsync(LoadedModel model, IReadOnlyList<ReadOnlyMemory<byte>> files, CancellationToken cancel)
    {
        var pictures = await Task.WhenAll(files.Select(file => pipeline.DecodeAsync(model, file, ClassificationRequest.Default, cancel)));
        return Array.FindIndex(pictures, picture => !picture.Succeeded) is var bad and >= 0
            ? Invalid($"picture {bad}: {pictures[bad].Problem!.Detail}")
            : new TensorInput(pictures.Length, null, [.. pictures.Select(picture => (ReadOnlyMemory<byte>)picture.Value.Data)]);
    }

    private static Outcome<int> Fits(RequestedInput tensor, string datatype, long[] sizes) =>
        tensor.Datatype != datatype ? Invalid($"unexpected datatype {tensor.Datatype} for input '{tensor.Name}', expecting {datatype}")
        : !tensor.Shape.Skip(1).SequenceEqual(sizes) || tensor.Shape[0] is < 1 or > MostPictures
            ? Invalid($"unexpected shape for input '{tensor.Name}': expected [{string.Join(',', sizes.Prepend(-1))}] with a batch of 1 to {MostPictures}, received [{string.Join(',', tensor.Shape)}]")
        : (int)tensor.Shape[0];

    private static ReadOnlyMemory<byte>[] Pieces(ReadOnlyMemory<byte> bytes, int count) =>
        [.. Enumerable.Range(0, count).Select(i => bytes.Slice(i * (bytes.Length / count), bytes.Length / count))];

    private static Problem Invalid(string detail) => Problem.Invalid("inference.invalid", detail);
}
