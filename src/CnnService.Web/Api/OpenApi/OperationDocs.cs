using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CnnService.Web.Api.OpenApi;

/// <summary>Completes operations in the OpenAPI document: examples, file bodies, and the problems that any route can return.</summary>
internal sealed class OperationDocs : IOperationFilter
{
    private const string Json = "application/json";

    private const string Form = "multipart/form-data";

    private static readonly (string Status, string What)[] AlwaysPossible = [("500", "Something broke that the request did not cause.")];

    private static readonly (string Status, string What)[] WithScope =
    [
        ("401", "No key, or an unknown one."),
        ("403", "The key's scopes do not allow this, or a page of another site asked."),
        ("429", "Too many requests."),
    ];

    /// <summary>Examples by parameter name; a name means the same in all operations.</summary>
    private static readonly Dictionary<string, JsonNode> Parameters = new()
    {
        ["alias"] = "production",
        ["augmentation"] = "article",
        ["class"] = "circle",
        ["classes"] = 10,
        ["count"] = 8,
        ["filter"] = 7,
        ["format"] = "json",
        ["id"] = "0193a1b2c3d4",
        ["layer"] = "conv_4",
        ["limit"] = 50,
        ["model"] = "shapes:1",
        ["name"] = "shapes",
        ["preset"] = "article-cnn",
        ["size"] = 128,
        ["smoothing"] = 0.8,
        ["split"] = "validation",
        ["top"] = 5,
        ["version"] = 1,
    };

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        operation.Responses ??= [];
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
        {
            parameter.Description ??= ParameterDocs.Find(operation.OperationId, context.ApiDescription.RelativePath,
                parameter.Name ?? string.Empty);
            parameter.Example = parameter.Name is { } name && Parameters.TryGetValue(name, out var example)
                && !metadata.OfType<NoExample>().Any(none => none.Parameter == name) ? example.DeepClone() : null;
        }

        DescribeBody(operation, metadata);
        DescribeFiles(operation, metadata);
        AddProblems(operation, context, metadata.OfType<IAllowAnonymous>().Any() ? AlwaysPossible : [.. AlwaysPossible, .. WithScope]);
    }

    private static void DescribeBody(OpenApiOperation operation, IList<object> metadata)
    {
        foreach (var (mediaType, body) in operation.RequestBody?.Content ?? new Dictionary<string, OpenApiMediaType>())
        {
            if (mediaType == Json)
            {
                body.Example = metadata.OfType<RequestExample>().FirstOrDefault() is { } example ? JsonNode.Parse(example.Json) : null;
            }
            else
            {
                body.Schema = mediaType == Form ? FormSchema(metadata.OfType<RequestForm>().Single()) : Bytes();
            }
        }
    }

    private static OpenApiSchema FormSchema(RequestForm form) => new()
    {
        Type = JsonSchemaType.Object,
        Properties = form.Fields.ToDictionary(field => field.Name, field => (IOpenApiSchema)(field.Kind switch
        {
            FormFieldKind.File => Bytes(),
            FormFieldKind.Files => new OpenApiSchema { Type = JsonSchemaType.Array, Items = Bytes() },
            FormFieldKind.Flag => new OpenApiSchema { Type = JsonSchemaType.Boolean },
            FormFieldKind.Number => new OpenApiSchema { Type = JsonSchemaType.Number },
            _ => new OpenApiSchema { Type = JsonSchemaType.String },
        })),
    };

    private static OpenApiSchema Bytes() => new() { Type = JsonSchemaType.String, Format = "binary" };

    /// <summary>Declares responses that are files, or files besides JSON.</summary>
    private static void DescribeFiles(OpenApiOperation operation, IList<object> metadata)
    {
        foreach (var image in metadata.OfType<AlternativeImageResponse>())
        {
            ((OpenApiResponse)operation.Responses!["200"]).Content!.Add(image.MediaType, new OpenApiMediaType { Schema = Bytes() });
        }

        foreach (var answer in metadata.OfType<IProducesResponseTypeMetadata>()
            .Where(answer => (answer.Type is null || answer.Type == typeof(void)) && answer.ContentTypes.Any()))
        {
            var status = answer.StatusCode.ToString(System.Globalization.CultureInfo.InvariantCulture);
            if (operation.Responses!.TryGetValue(status, out var response) && response is OpenApiResponse described)
            {
                described.Content = answer.ContentTypes.ToDictionary(type => type, _ => new OpenApiMediaType { Schema = Bytes() });
            }
        }
    }

    private static void AddProblems(OpenApiOperation operation, OperationFilterContext context, (string Status, string What)[] problems)
    {
        var schema = context.SchemaGenerator.GenerateSchema(typeof(ProblemDetails), context.SchemaRepository);
        foreach (var (status, what) in problems)
        {
            operation.Responses!.TryAdd(status, new OpenApiResponse
            {
                Description = what,
                Content = new Dictionary<string, OpenApiMediaType> { [Problems.MediaType] = new() { Schema = schema } },
            });
        }
    }
}
