using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Web.Features.Inference;

/// <summary>
/// Converts the single tensor of a request to the network's input: <c>input</c>, preprocessed planes (FP32 <c>[N,C,H,W]</c>);
/// <c>pixels</c>, decoded images (UINT8 <c>[N,H,W,C]</c>); or <c>image</c>, image files (BYTES <c>[N]</c>).
/// </summary>
internal sealed class InferenceInput(ClassificationPipeline pipeline)
{
    public const string Planes = "input";
    public const string Pixels = "pixels";
    public const string Image = "image";

    private const int MaxImages = 1024;

    /// <summary>
    /// Number of images in the request, whose tensor must have a shape that the model accepts. Problem: <c>inference.invalid</c>.
    /// </summary>
    public static Outcome<int> Check(LoadedModel model, InferenceRequest request)
    {
        if (request.Inputs.Count != 1)
        {
            return Invalid(
                $"expected 1 inputs but got {request.Inputs.Count} inputs for model '{model.Name}': {Planes}, {Pixels} or {Image}");
        }

        var tensor = request.Inputs[0];
        var (height, width, channels) = model.Network.Spec.Input;
        return (tensor.Name ?? Image) switch
        {
            Planes => Fits(tensor, RequestedInput.Float32, [channels, height, width]),
            Pixels => Fits(tensor, RequestedInput.UInt8, [height, width, channels]),
            Image => Fits(tensor, RequestedInput.ByteText, tensor.Shape is [_, 1] ? [1] : []),
            var unknown =>
                Invalid($"unexpected inference input '{unknown}' for model '{model.Name}': it takes {Planes}, {Pixels} or {Image}"),
        };
    }

    /// <summary>
    /// Reads the data that follows the message, and decodes image files within the time limit. Problems: <c>inference.invalid</c> and that
    /// of the limit.
    /// </summary>
    public async ValueTask<Outcome<TensorInput>> ReadAsync(
        LoadedModel model, RequestedInput tensor, InferenceBody body, IAnswerLimit limit, CancellationToken cancel)
    {
        var count = (int)tensor.Shape[0];
        switch (tensor.Name)
        {
            case Planes when tensor.Announced is { } size:
                var floats = await body.FloatsAsync(size, cancel);
                return await floats.BindAsync(values => EndedAsync(body, new TensorInput(count, values.Values, null, values), cancel));
            case Planes:
                return await EndedAsync(body, new TensorInput(count, tensor.Numbers, null), cancel);
            case Pixels:
                var pixels = tensor.Announced is { } announced ? await body.BytesAsync(announced, cancel) : tensor.NumbersAsBytes();
                return await pixels.BindAsync(bytes => EndedAsync(body, new TensorInput(count, null, Pieces(bytes, count)), cancel));
            default:
                return await FilesAsync(tensor, body, cancel).BindAsync(files => DecodeAsync(model, files, limit, cancel));
        }
    }

    private static async Task<Outcome<TensorInput>> EndedAsync(InferenceBody body, TensorInput input, CancellationToken cancel)
    {
        try
        {
            if (await body.SurplusAsync(cancel) is not { } surplus)
            {
                return input;
            }

            input.Owner?.Dispose();
            return surplus;
        }
        catch
        {
            input.Owner?.Dispose();
            throw;
        }
    }

    private static async Task<Outcome<IReadOnlyList<ReadOnlyMemory<byte>>>> FilesAsync(
        RequestedInput tensor, InferenceBody body, CancellationToken cancel)
    {
        if (tensor.Name is null)
        {
            return (await body.RestAsync(cancel)).Map<IReadOnlyList<ReadOnlyMemory<byte>>>(file => [file]);
        }

        var files = tensor.Announced is { } length
            ? (await body.BytesAsync(length, cancel)).Bind(bytes => tensor.Split(bytes))
            : tensor.Files is { } given ? Outcome.Success(given) : tensor.TextsAsBytes();
        return files.Succeeded && await body.SurplusAsync(cancel) is { } surplus ? surplus : files;
    }

    private async Task<Outcome<TensorInput>> DecodeAsync(
        LoadedModel model, IReadOnlyList<ReadOnlyMemory<byte>> files, IAnswerLimit limit, CancellationToken cancel)
    {
        if (pipeline.CheckPixels(files) is { } large)
        {
            return large;
        }

        var images = await Task.WhenAll(
            files.Select(file => pipeline.DecodeAsync(model, file, ClassificationRequest.Default, limit, cancel)));
        return Array.FindIndex(images, image => !image.Succeeded) is not (var bad and >= 0)
            ? new TensorInput(images.Length, null, [.. images.Select(image => (ReadOnlyMemory<byte>)image.Value.Data)])
            : images[bad].Problem is { Kind: ProblemKind.Timeout } late ? late
            : Invalid($"image {bad}: {images[bad].Problem!.Detail}");
    }

    private static Outcome<int> Fits(RequestedInput tensor, string datatype, long[] sizes) =>
        tensor.Datatype != datatype ? Invalid($"unexpected datatype {tensor.Datatype} for input '{tensor.Name}', expecting {datatype}")
        : !tensor.Shape.Skip(1).SequenceEqual(sizes) || tensor.Shape[0] is < 1 or > MaxImages
            ? Invalid(
                $"unexpected shape for input '{tensor.Name}': expected [{string.Join(',', sizes.Prepend(-1))}] with a batch of 1 to "
                + $"{MaxImages}, received [{string.Join(',', tensor.Shape)}]")
        : (int)tensor.Shape[0];

    private static ReadOnlyMemory<byte>[] Pieces(ReadOnlyMemory<byte> bytes, int count) =>
        [.. Enumerable.Range(0, count).Select(i => bytes.Slice(i * (bytes.Length / count), bytes.Length / count))];

    private static Problem Invalid(string detail) => Problem.Invalid("inference.invalid", detail);
}
