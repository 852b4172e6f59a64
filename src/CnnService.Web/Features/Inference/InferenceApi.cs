using System.Diagnostics;
using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Web.Hosting;
using CnnService.Web.Persistence;
using CnnService.Web.Registry;

namespace CnnService.Web.Features.Inference;

/// <summary>/v2: the Open Inference Protocol, as KServe's and Triton's clients speak it, and POST infer of it.</summary>
internal static class InferenceApi
{
    private const string Description =
        "One input: `input` (FP32 `[N,C,H,W]`, preprocessed as the model's `preprocessing` says), `pixels` (UINT8 `[N,H,W,C]`) or `image` (BYTES `[N]`, picture files; in JSON as base64). "
        + "Outputs: the model's own, or any layer by its name. Tensors go as JSON or, with `Inference-Header-Content-Length`, as bytes behind it; a header length of 0 makes the whole body one picture file. "
        + "`parameters`: `binary_data_size` of inputs, `binary_data` and `classification` of outputs, `binary_data_output` of the request. `id` is echoed. Errors are `{\"error\": \"…\"}`.";

    public static void MapInference(this IEndpointRouteBuilder routes)
    {
        var v2 = routes.MapGroup("/v2").WithTags("Open Inference Protocol");
        v2.MapServerState();
        v2.MapModelState();
        v2.MapRepository();
        v2.MapPost("/models/{model}/infer", (HttpContext http, [AsParameters] InferenceParts parts, string model) => InferAsync(http, parts, model, null))
            .WithName("Infer").WithSummary("Run a model's newest version on tensors or picture files").WithDescription(Description).Describe();
        v2.MapPost("/models/{model}/versions/{version}/infer", (HttpContext http, [AsParameters] InferenceParts parts, string model, string version) => InferAsync(http, parts, model, version))
            .WithName("InferVersion").WithSummary("Run a version on tensors or picture files").WithDescription(Description).Describe();
    }

    private static void Describe(this RouteHandlerBuilder route) => route
        .WithExample("""{ "id": "42", "inputs": [ { "name": "image", "shape": [1], "datatype": "BYTES", "data": ["/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP..."] } ], "outputs": [ { "name": "probabilities", "parameters": { "classification": 2 } } ] }""")
        .Accepts<object>(isOptional: true, "application/json", "application/octet-stream", "*/*").Produces(200, contentType: "application/json").RequireAuthorization(Scopes.Classify).ProducesProblems(400, 404, 413, 503);

    private static async Task<IResult> InferAsync(HttpContext http, InferenceParts parts, string model, string? version)
    {
        http.AllowBody(limits => limits.TensorBytes);
        var found = await parts.Registry.ResolveAsync(InferenceModels.Reference(model, version)).ConfigureAwait(false);
        if (found.Problem is { } missing)
        {
            return missing.ToResult();
        }

        var started = Stopwatch.GetTimestamp();
        var body = await BodyAsync(http).ConfigureAwait(false);
        var request = InferenceRequest.Read(body, http.Request.Headers[InferenceRequest.HeaderLength].FirstOrDefault());
        var queued = Stopwatch.GetTimestamp();
        var outcome = request.Problem is { } malformed
            ? malformed
            : await parts.Slots.RunAsync(() => Run(parts, found.Value, request.Value, queued), http.RequestAborted).ConfigureAwait(false);
        if (outcome.Problem is { } problem)
        {
            parts.Statistics.Failed(found.Value.Name, found.Value.Version, Stopwatch.GetElapsedTime(started));
            return problem.ToResult();
        }

        var writing = Stopwatch.GetTimestamp();
        await InferenceResponse.WriteAsync(http, found.Value, request.Value, outcome.Value.Tensors).ConfigureAwait(false);
        var (pictures, queue, input, infer) = (outcome.Value.Pictures, outcome.Value.Queue, outcome.Value.Input, outcome.Value.Infer);
        parts.Statistics.Succeeded(found.Value.Name, found.Value.Version, pictures, queue, input, infer, Stopwatch.GetElapsedTime(writing));
        return Results.Empty;
    }

    private static Outcome<Inferred> Run(InferenceParts parts, LoadedModel model, InferenceRequest request, long queued)
    {
        try
        {
            var started = Stopwatch.GetTimestamp();
            return InferenceInput.Of(model, request, parts.Decoder).Then(input =>
            {
                var running = Stopwatch.GetTimestamp();
                return parts.Runner.Run(model, input, request.Outputs is null ? null : [.. request.Outputs.Select(output => output.Name)]).Then<Inferred>(tensors => new Inferred(
                    tensors, input.Count, Stopwatch.GetElapsedTime(queued, started), Stopwatch.GetElapsedTime(started, running), Stopwatch.GetElapsedTime(running)));
            });
        }
        catch (FormatException malformed)
        {
            return Problem.Invalid("inference.invalid", malformed.Message);
        }
    }

    private static async Task<ReadOnlyMemory<byte>> BodyAsync(HttpContext http)
    {
        if (http.Request.ContentLength is { } length and > 0 and < int.MaxValue)
        {
            var bytes = new byte[length];
            await http.Request.Body.ReadExactlyAsync(bytes, http.RequestAborted).ConfigureAwait(false);
            return bytes;
        }

        using var buffer = new MemoryStream();
        await http.Request.Body.CopyToAsync(buffer, http.RequestAborted).ConfigureAwait(false);
        return buffer.ToArray();
    }

    private sealed record Inferred(IReadOnlyList<NamedTensor> Tensors, int Pictures, TimeSpan Queue, TimeSpan Input, TimeSpan Infer);
}

/// <summary>What inference needs.</summary>
internal sealed record InferenceParts(
    ModelRegistry Registry, ModelStore Models, ITensorRunner Runner, IClassifier Classifier, InferenceSlots Slots, InferenceStatistics Statistics, IImageDecoder Decoder, DataFolders Folders);
