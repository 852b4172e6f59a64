using System.Text.Json.Nodes;
using CnnService.Core.Common;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CnnService.Web.Api.OpenApi;

/// <summary>Completes operations in the OpenAPI document: parameters, bodies, files, and the problems that any route can return.</summary>
internal sealed class OperationDocs : IOperationFilter
{
    private const string NotModified = "304";

    /// <summary>Examples by parameter name; a name means the same in all operations.</summary>
    private static readonly Dictionary<string, JsonNode> Examples = new()
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
        BodyDocs.Describe(operation, context.ApiDescription, metadata);
        DescribeFiles(operation, metadata);
        ProblemDocs.Add(operation, context);
        AddHeaders(operation, metadata);
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
        {
            DescribeParameter(parameter, operation, context, metadata);
        }
    }

    private static void DescribeParameter(
        OpenApiParameter parameter, OpenApiOperation operation, OperationFilterContext context, IList<object> metadata)
    {
        var name = parameter.Name ?? string.Empty;
        parameter.Description ??= ParameterDocs.Find(operation.OperationId, context.ApiDescription.RelativePath, name);
        parameter.Required |= StatedBounds.IsRequired(parameter.Description);
        var words = EnumOf(name, context);
        if (words is not null)
        {
            parameter.Schema = context.SchemaGenerator.GenerateSchema(words, context.SchemaRepository);
        }

        var type = parameter.Schema?.Type;
        if (parameter.Schema is OpenApiSchema schema)
        {
            schema.Description = null; // The parameter has it.
            StatedBounds.Apply(schema, parameter.Description);
        }

        if (Examples.TryGetValue(name, out var example) && !metadata.OfType<NoExample>().Any(none => none.Parameter == name)
            && (words is null || WireName.All(words).Contains(example.ToString())))
        {
            parameter.Example = type?.HasFlag(JsonSchemaType.String) == true ? example.ToString() : example.DeepClone();
        }
    }

    /// <summary>The enum that a parameter is a value of; null if it is another.</summary>
    private static Type? EnumOf(string name, OperationFilterContext context)
    {
        var described = context.ApiDescription.ParameterDescriptions.FirstOrDefault(
            parameter => parameter.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        var type = (described?.ParameterDescriptor as IParameterInfoParameterDescriptor)?.ParameterInfo.ParameterType;
        type = type is null ? null : Nullable.GetUnderlyingType(type) ?? type;
        return type?.IsGenericType == true && type.GetGenericTypeDefinition() == typeof(EnumQueryValue<>)
            ? type.GetGenericArguments()[0]
            : null;
    }

    /// <summary>Headers that the route names, and the one that asks whether an image has changed.</summary>
    private static void AddHeaders(OpenApiOperation operation, IList<object> metadata)
    {
        var headers = metadata.OfType<RequestHeader>().ToList();
        if (operation.Responses!.ContainsKey(NotModified))
        {
            headers.Add(new("If-None-Match", "The `ETag` of an earlier answer: 304 where it is still the same."));
        }

        foreach (var header in headers)
        {
            (operation.Parameters ??= []).Add(new OpenApiParameter
            {
                Name = header.Name,
                In = ParameterLocation.Header,
                Description = header.Description,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
        }
    }

    /// <summary>Declares responses that are files, or files besides JSON.</summary>
    private static void DescribeFiles(OpenApiOperation operation, IList<object> metadata)
    {
        foreach (var image in metadata.OfType<AlternativeImageResponse>())
        {
            ((OpenApiResponse)operation.Responses!["200"]).Content!.Add(
                image.MediaType, new OpenApiMediaType { Schema = BodyDocs.Bytes() });
        }

        foreach (var answer in metadata.OfType<IProducesResponseTypeMetadata>()
            .Where(answer => (answer.Type is null || answer.Type == typeof(void)) && answer.ContentTypes.Any()))
        {
            var status = answer.StatusCode.ToString(System.Globalization.CultureInfo.InvariantCulture);
            if (operation.Responses!.TryGetValue(status, out var response) && response is OpenApiResponse described)
            {
                described.Content = answer.ContentTypes.ToDictionary(type => type, _ => new OpenApiMediaType { Schema = BodyDocs.Bytes() });
            }
        }

        // A part of a file has the file's media type.
        if (operation.Responses!.TryGetValue("206", out var part) && operation.Responses.TryGetValue("200", out var whole))
        {
            ((OpenApiResponse)part).Content = whole.Content;
        }
    }
}
