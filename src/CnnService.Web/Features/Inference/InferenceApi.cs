using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Web.Features.Inference;

/// <summary>/v2: the Open Inference Protocol, as used by clients of KServe and Triton, and its operation infer.</summary>
internal static class InferenceApi
{
    private const string Description =
        "One input: `input` (FP32 `[N,C,H,W]`, preprocessed according to the model's `preprocessing`), `pixels` (UINT8 `[N,H,W,C]`) or "
        + "`image` (BYTES `[N]`, image files; in JSON as base64). Outputs: those of the model, or any layer by name. Tensor data is in "
        + "the JSON or, with the header `Inference-Header-Content-Length`, binary after the JSON; a header value of 0 means that the "
        + "whole body is one image file. `parameters`: `binary_data_size` of inputs, `binary_data` and `classification` of outputs, "
        + "`binary_data_output` of the request. Errors are `{\"error\": \"…\"}`.";

    public static void MapInference(this IEndpointRouteBuilder routes)
    {
        var v2 = routes.MapGroup("/v2").WithTags("Open Inference Protocol");
        v2.MapServerState();
        v2.MapModelState();
        v2.MapRepository();
        v2.MapPost("/models/{model}/infer", InferNewestAsync)
            .WithName("Infer").WithSummary("Run a model's newest version on tensors or image files").WithDescription(Description)
            .Describe();
        v2.MapPost("/models/{model}/versions/{version}/infer", InferVersionAsync)
            .WithName("InferVersion").WithSummary("Run a version on tensors or image files")
            .WithDescription("As for the newest version.").Describe();
    }

    private static void Describe(this RouteHandlerBuilder route) => route
        .WithExample(
            """{ "id": "42", "inputs": [ { "name": "image", "shape": [1], "datatype": "BYTES", "data": ["/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP..."] } ], "outputs": [ { "name": "probabilities", "parameters": { "classification": 2 } } ] }""")
        .Accepts<object>(isOptional: true, "application/json", "application/octet-stream", "*/*")
        .AlsoTakes("Binary bodies are `application/octet-stream`.")
        .WithHeader(InferenceBody.HeaderLength, "Length of the JSON in bytes, where binary data follows it; 0 if there is no JSON.")
        .AllowBody(limits => limits.TensorBytes).AllowCompressed()
        .Produces(200, contentType: "application/json").RequireAuthorization(Scopes.Classify).ProducesProblems(400, 404, 413, 503);

    private static Task<IResult> InferNewestAsync(HttpContext http, [AsParameters] InferenceServices services, string model) =>
        services.FindAsync(model, null).ToIResultAsync(found => InferAsync(http, services, found));

    private static Task<IResult> InferVersionAsync(
        HttpContext http, [AsParameters] InferenceServices services, string model, string version) =>
        services.FindAsync(model, version).ToIResultAsync(found => InferAsync(http, services, found));

    private static async Task<IResult> InferAsync(HttpContext http, InferenceServices services, LoadedModel model)
    {
        try
        {
            return await AnswerAsync(http, services, model);
        }
        catch (InvalidDataException)
        {
            return InferenceRequest.Invalid("the body is not packed as its Content-Encoding says").ToResult();
        }
    }

    private static async Task<IResult> AnswerAsync(HttpContext http, InferenceServices services, LoadedModel model)
    {
        var cancel = http.RequestAborted;
        var body = InferenceBody.From(http);
        var json = await body.JsonAsync(http.Request.Headers[InferenceBody.HeaderLength].FirstOrDefault(), cancel);
        var request = json.Bind(text => text is { } header ? InferenceRequest.Read(header) : InferenceRequest.Raw);
        var answer = await request.BindAsync(read => services.RunAsync(model, read, body, cancel));
        return await answer.ToIResultAsync(async ran =>
        {
            await InferenceResponse.WriteAsync(http, model, request.Value, ran);
            return Results.Empty;
        });
    }
}
