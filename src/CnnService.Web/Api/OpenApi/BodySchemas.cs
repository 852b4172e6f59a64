using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CnnService.Core.Common;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CnnService.Web.Api.OpenApi;

/// <summary>
/// Tells schemas of requests from those of answers. Requests have the bounds that are enforced: of numbers as their descriptions state
/// them, of lists and texts as <see cref="JsonFieldReader"/> has them; they need little and refuse unknown fields. Answers may get
/// further fields.
/// </summary>
internal sealed class BodySchemas : IDocumentFilter
{
    /// <summary>Characters of a description that tells no more than its field's name.</summary>
    private const int ShortText = 45;

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        var requests = RequestTypes.Collect(context.ApiDescriptions);
        foreach (var (name, schema) in context.SchemaRepository.Schemas)
        {
            if (schema is OpenApiSchema written)
            {
                if (written.Enum is { Count: > 0 })
                {
                    written.Description = null; // The words speak for themselves; what each does is told where they are used.
                }
                else if (requests.TryGetValue(name, out var type))
                {
                    Bound(written, type);
                }
                else if (written.Properties is { Count: > 0 } fields)
                {
                    Relax(written, fields, isPage: name.StartsWith("PageOf", StringComparison.Ordinal));
                }
            }
        }
    }

    /// <summary>
    /// What answers are is told by their operations and their fields. Pages are all alike, and short texts say a field's name again.
    /// </summary>
    private static void Relax(OpenApiSchema schema, IDictionary<string, IOpenApiSchema> fields, bool isPage)
    {
        schema.AdditionalPropertiesAllowed = true;
        schema.Description = null;
        foreach (var field in fields.Values.OfType<OpenApiSchema>().Where(field => isPage || field.Description?.Length <= ShortText))
        {
            field.Description = null;
        }
    }

    private static void Bound(OpenApiSchema schema, Type type)
    {
        if (schema.Properties is null)
        {
            return;
        }

        var created = type.GetConstructors().FirstOrDefault(constructor => constructor.GetParameters().Length > 0)?.GetParameters() ?? [];
        var required = schema.Discriminator is { PropertyName: { } kind } ? new HashSet<string> { kind } : [];
        foreach (var (name, value) in schema.Properties.ToArray())
        {
            var property = type.GetProperties().FirstOrDefault(one => JsonNamingPolicy.CamelCase.ConvertName(one.Name) == name);
            var isNeeded = property?.IsDefined(typeof(RequiredMemberAttribute)) == true || StatedBounds.IsRequired(value.Description)
                || Array.Exists(created, parameter => parameter.Name == property?.Name && !parameter.HasDefaultValue);
            if (isNeeded)
            {
                required.Add(name);
            }

            if (value is OpenApiSchema { AllOf: [var whole], Description: null })
            {
                schema.Properties[name] = whole; // Null is the same as absent.
            }
            else if (value is OpenApiSchema written)
            {
                written.Type &= ~JsonSchemaType.Null;
                Bound(written, property);
            }
        }

        schema.Required = required;
    }

    private static void Bound(OpenApiSchema value, PropertyInfo? property)
    {
        StatedBounds.Apply(value, value.Description);
        var maxItems = property?.GetCustomAttribute<JsonItemsAttribute>()?.Max ?? JsonFieldReader.MaxItems;
        if (value.Type?.HasFlag(JsonSchemaType.Array) == true)
        {
            value.MaxItems ??= maxItems;
        }
        else if (value.Type?.HasFlag(JsonSchemaType.Object) == true && value.AdditionalProperties is not null)
        {
            value.MaxProperties ??= maxItems;
        }
        else if (value.Type?.HasFlag(JsonSchemaType.String) == true && value.Enum is not { Count: > 0 } && value.Format is null)
        {
            value.MaxLength ??= JsonFieldReader.MaxText;
        }
    }
}
