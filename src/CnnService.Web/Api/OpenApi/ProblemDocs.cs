using Microsoft.AspNetCore.Mvc;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CnnService.Web.Api.OpenApi;

/// <summary>
/// The problems of operations in the OpenAPI document: those that any route can return are added as one, and those that should be tried
/// again have Retry-After. Routes of the Open Inference Protocol answer in its own format.
/// </summary>
internal static class ProblemDocs
{
    private const string Default = "default";

    private const string Any =
        "Any other problem: 401 without a known key, 403 where the key or a page of another site may not do this, 413 and 415 for the "
        + "body, 429 for too many requests, 500 if something broke, 503 and 504 while the service is busy or stopping, 507 on a full disk.";

    /// <summary>Statuses that tell of the service or of any request, whatever it is about: one entry stands for them all.</summary>
    private static readonly string[] General = ["401", "403", "413", "415", "429", "500", "503", "504", "507"];

    public static void Add(OpenApiOperation operation, OperationFilterContext context)
    {
        var responses = operation.Responses!;
        if (responses.ContainsKey("304"))
        {
            responses["412"] = Response("The file has changed: `If-Match` names another `ETag`.", context);
        }

        foreach (var status in General)
        {
            responses.Remove(status);
        }

        responses[Default] = Response(Any, context);
        foreach (var (status, response) in responses)
        {
            Complete(status, (OpenApiResponse)response, context);
        }
    }

    private static OpenApiResponse Response(string what, OperationFilterContext context) => new()
    {
        Description = what,
        Content = new Dictionary<string, OpenApiMediaType>
        {
            [Problems.MediaType] = new()
            {
                Schema = context.SchemaGenerator.GenerateSchema(typeof(ProblemDetails), context.SchemaRepository),
            },
        },
    };

    private static void Complete(string status, OpenApiResponse response, OperationFilterContext context)
    {
        if (status == Default || (status == "202" && context.ApiDescription.HttpMethod == HttpMethods.Get))
        {
            response.Headers = new Dictionary<string, IOpenApiHeader>
            {
                ["Retry-After"] = new OpenApiHeader
                {
                    Description = "Seconds to wait before the request is repeated.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" },
                },
            };
        }

        if (status[0] is '4' or '5' or 'd' && context.ApiDescription.RelativePath?.StartsWith("v2", StringComparison.Ordinal) == true)
        {
            response.Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/json"] = new()
                {
                    Schema = context.SchemaGenerator.GenerateSchema(typeof(InferenceError), context.SchemaRepository),
                },
            };
        }
    }
}
