using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.OpenApi;

namespace CnnService.Web.Api.OpenApi;

/// <summary>
/// Request bodies in the OpenAPI document: one media type an operation, multipart where there is a form, because client generators keep
/// no more than one; the others are told in words.
/// </summary>
internal static class BodyDocs
{
    private const string Json = "application/json";

    private const string Form = "multipart/form-data";

    public static OpenApiSchema Bytes() => new() { Type = JsonSchemaType.String, Format = "binary" };

    public static void Describe(OpenApiOperation operation, ApiDescription route, IList<object> metadata)
    {
        if (operation.RequestBody is not OpenApiRequestBody { Content: { Count: > 0 } offered } body)
        {
            return;
        }

        var form = metadata.OfType<RequestForm>().FirstOrDefault();
        var mediaType = form is null ? offered.Keys.First() : Form;
        var content = offered[mediaType];
        if (form is not null)
        {
            content.Schema = FormSchema(form, operation, route);
        }
        else if (mediaType != Json)
        {
            content.Schema = Bytes();
        }
        else if (content.Schema is OpenApiSchema { Type: null } untyped)
        {
            untyped.Type = JsonSchemaType.Object; // A body that is read by hand.
        }

        content.Encoding = null; // Swashbuckle writes an empty style for each field.
        content.Example = mediaType == Json && metadata.OfType<RequestExample>().FirstOrDefault() is { } example
            ? JsonNode.Parse(example.Json)
            : null;
        body.Content = new Dictionary<string, OpenApiMediaType> { [mediaType] = content };
        body.Required = true;
        operation.Description = string.Join(' ', [operation.Description ?? $"{operation.Summary}.",
            .. metadata.OfType<OtherBodies>().Select(others => others.Sentence)]);
    }

    private static OpenApiSchema FormSchema(RequestForm form, OpenApiOperation operation, ApiDescription route)
    {
        var fields = form.Fields.ToDictionary(field => field.Name, field =>
        {
            var schema = FieldSchema(field.Kind);
            schema.Description = ParameterDocs.Find(operation.OperationId, route.RelativePath, field.Name);
            StatedBounds.Apply(schema, schema.Description);
            return schema;
        });
        var required = fields.Where(field => StatedBounds.IsRequired(field.Value.Description)).Select(field => field.Key).ToHashSet();
        foreach (var (_, schema) in fields.Where(field => !required.Contains(field.Key)))
        {
            schema.Type |= JsonSchemaType.Null; // Else generated clients insist on a value.
        }

        return new()
        {
            Type = JsonSchemaType.Object,
            Properties = fields.ToDictionary(field => field.Key, field => (IOpenApiSchema)field.Value),
            Required = required,
        };
    }

    private static OpenApiSchema FieldSchema(FormFieldKind kind) => kind switch
    {
        FormFieldKind.File => Bytes(),
        FormFieldKind.Files => new() { Type = JsonSchemaType.Array, Items = Bytes() },
        FormFieldKind.Flag => new() { Type = JsonSchemaType.Boolean },
        FormFieldKind.Number => new() { Type = JsonSchemaType.Number, Format = "double" },
        _ => new() { Type = JsonSchemaType.String },
    };
}
