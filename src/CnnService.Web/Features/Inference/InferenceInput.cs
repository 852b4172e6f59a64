using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Web.Features.Inference;

/// <summary>
/// Converts the single tensor of a request to the network's input: <c>input</c>, preprocessed planes (FP32 <c>[N,C,H,W]</c>);
/// <c>pixels</c>, decoded images (UINT8 <c>[N,H,W,C]</c>); <c>image</c>, image files (BYTES <c>[N]</c>); or the input of an imported file
/// by its own name.
/// </summary>
internal sealed class InferenceInput(ClassificationPipeline pipeline)
{
    private const int MaxImages = 1024;

    /// <summary>
    /// Number of images in the request, whose tensor must have a shape that the model accepts. Problem: <c>inference.invalid</c>.
    /// </summary>
    public static Outcome<int> Check(LoadedModel model, InferenceRequest request)
    {
        if (request.Inputs.Count != 1)
        {
            return Invalid($"expected 1 inputs but got {request.Inputs.Count} inputs for model '{model.Name}': {NamesOf(model)}");
        }

        var tensor = request.Inputs[0];
        return OfferedInput.Find(model, tensor) switch
        {
            null => Invalid($"unexpected inference input '{tensor.Name}' for model '{model.Name}': it takes {NamesOf(model)}"),
            { Form: InputForm.Files } files => Fits(tensor, files.Datatype, tensor.Shape is [_, 1] ? [1] : []),
            { } input => Fits(tensor, input.Datatype, input.Sizes),
        };
    }

    /// <summary>
    /// Reads the data that follows the message, and decodes image files within the time limit. Problems: <c>inference.invalid</c> and that
    /// of the limit.
    /// </summary>
    public async ValueTask<Outcome<TensorInput>> ReadAsync(
        LoadedModel model, RequestedInput tensor, InferenceBody body, IAnswerLimit limit, CancellationToken cancel)
    {
        var (count, form) = ((int)tensor.Shape[0], OfferedInput.Find(model, tensor)!.Form);
        switch (form)
        {
            case InputForm.Planes or InputForm.Interleaved:
                var planes = await PlanesAsync(tensor, body, cancel);
                return planes.Map(read => form == InputForm.Planes ? read : ToPlanes(read, model.Network.Spec.Input.Channels));
            case InputForm.Pixels:
                var pixels = tensor.Announced is { } announced ? await body.BytesAsync(announced, cancel) : tensor.NumbersAsBytes();
                return await pixels.BindAsync(bytes => EndedAsync(body, new TensorInput(count, null, Pieces(bytes, count)), cancel));
            default:
                return await FilesAsync(tensor, body, cancel).BindAsync(files => DecodeAsync(model, files, limit, cancel));
        }
    }

    private static async Task<Outcome<TensorInput>> PlanesAsync(RequestedInput tensor, InferenceBody body, CancellationToken cancel)
    {
        var count = (int)tensor.Shape[0];
        if (tensor.Announced is not { } size)
        {
            return await EndedAsync(body, new TensorInput(count, tensor.Numbers, null), cancel);
        }

        var floats = await body.FloatsAsync(size, cancel);
        return await floats.BindAsync(values => EndedAsync(body, new TensorInput(count, values.Values, null, values), cancel));
    }

    /// <summary>Values <c>[N,H,W,C]</c> as <c>[N,C,H,W]</c>, in memory of their own.</summary>
    private static TensorInput ToPlanes(TensorInput input, int channels)
    {
        using var _ = input.Owner;
        var turned = new PooledFloats(input.Planes!.Value.Length);
        var area = turned.Values.Length / input.Count / channels;
        var from = input.Planes.Value.Span;
        var to = turned.Values.Span;
        for (var i = 0; i < from.Length; i++)
        {
            var (image, place, channel) = (i / (area * channels), i / channels % area, i % channels);
            to[(((image * channels) + channel) * area) + place] = from[i];
        }

        return new(input.Count, turned.Values, null, turned);
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

    private static Outcome<int> Fits(RequestedInput tensor, string datatype, IReadOnlyList<long> sizes) =>
        tensor.Datatype != datatype ? Invalid($"unexpected datatype {tensor.Datatype} for input '{tensor.Name}', expecting {datatype}")
        : !tensor.Shape.Skip(1).SequenceEqual(sizes) || tensor.Shape[0] is < 1 or > MaxImages
            ? Invalid(
                $"unexpected shape for input '{tensor.Name}': expected [{string.Join(',', sizes.Prepend(-1))}] with a batch of 1 to "
                + $"{MaxImages}, received [{string.Join(',', tensor.Shape)}]")
        : (int)tensor.Shape[0];

    private static ReadOnlyMemory<byte>[] Pieces(ReadOnlyMemory<byte> bytes, int count) =>
        [.. Enumerable.Range(0, count).Select(i => bytes.Slice(i * (bytes.Length / count), bytes.Length / count))];

    /// <summary>The names of the inputs, for messages.</summary>
    private static string NamesOf(LoadedModel model)
    {
        var names = OfferedInput.Of(model).Select(input => input.Name).ToArray();
        return $"{string.Join(", ", names[..^1])} or {names[^1]}";
    }

    private static Problem Invalid(string detail) => Problem.Invalid("inference.invalid", detail);
}
