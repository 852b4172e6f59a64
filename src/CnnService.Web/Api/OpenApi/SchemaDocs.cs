using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using CnnService.Core.Architecture;
using CnnService.Core.Architecture.Presets;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Training.Requests;
using Microsoft.AspNetCore.Mvc;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CnnService.Web.Api.OpenApi;

/// <summary>
/// Schemas of types whose JSON form differs from their .NET type. Each has one type: where a short form is taken too, such as a preset's
/// name in place of an object, the description tells it.
/// </summary>
internal sealed class SchemaDocs : ISchemaFilter
{
    private static readonly NullabilityInfoContext Nullability = new();

    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema written)
        {
            return;
        }

        if (context.MemberInfo is { } member)
        {
            DescribeMember(written, member, context);
        }
        else if (!LayerDocs.Describe(written, context) && !DescribeForm(written, context))
        {
            RequireWhatIsWritten(written, context);
        }
    }

    /// <summary>Parts of a request that are kept as they were received: their shape is declared, else they are objects.</summary>
    private static void DescribeMember(OpenApiSchema schema, MemberInfo member, SchemaFilterContext context)
    {
        if (member.GetCustomAttribute<JsonShapeAttribute>() is { } declared)
        {
            var shape = context.SchemaGenerator.GenerateSchema(declared.Shape, context.SchemaRepository);
            if (shape is OpenApiSchema inline)
            {
                (schema.Type, schema.Items, schema.AdditionalProperties) = (inline.Type, inline.Items, inline.AdditionalProperties);
            }
            else
            {
                schema.AllOf = [shape];
            }
        }
        else if ((Nullable.GetUnderlyingType(context.Type) ?? context.Type) == typeof(JsonElement))
        {
            schema.Type = JsonSchemaType.Object;
        }
    }

    /// <summary>Whether the type has a JSON form of its own; the schema is then complete.</summary>
    private static bool DescribeForm(OpenApiSchema schema, SchemaFilterContext context)
    {
        if (context.Type == typeof(Size2))
        {
            Become(schema, JsonSchemaType.Array);
            (schema.Items, schema.MinItems, schema.MaxItems) = (Integer(), 2, 2);
        }
        else if (context.Type == typeof(Padding2))
        {
            Become(schema, JsonSchemaType.String);
            schema.Pattern = @"^(same|valid|\d+(,\d+){0,3})$";
        }
        else if (context.Type == typeof(Units))
        {
            Become(schema, JsonSchemaType.Integer);
            (schema.Format, schema.Minimum) = ("int32", "1");
        }
        else if (context.Type == typeof(ArchitectureChoice))
        {
            var network = context.SchemaGenerator.GenerateSchema(typeof(NetworkSpec), context.SchemaRepository);
            var name = ((OpenApiSchemaReference)network).Reference.Id!;
            var fields = ((OpenApiSchema)context.SchemaRepository.Schemas[name]).Properties!;
            Become(schema, JsonSchemaType.Object, new(fields) { ["preset"] = Words(PresetCatalog.Names) });
        }
        else if (context.Type == typeof(ClassWeighting))
        {
            Become(schema, JsonSchemaType.Object, new()
            {
                ["mode"] = Words(["none", "balanced"]),
                ["weights"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Number, Format = "double" },
                    Description = "Weights by class, above 0, up to 1000; 1 for the classes that are not named.",
                },
            });
        }
        else if (context.Type == typeof(AugmentationSpec))
        {
            schema.Properties!["preset"] = Words(["none", "article", "strong"]);
        }
        else if (context.Type == typeof(ProblemDetails))
        {
            DescribeProblem(schema);
        }
        else
        {
            return false;
        }

        return true;
    }

    private static void DescribeProblem(OpenApiSchema schema)
    {
        schema.Properties!["code"] = new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Description = "What is wrong, as a stable word for programs, such as `dataset.not-found`.",
        };
        schema.Properties["requestId"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "As in `X-Request-Id`." };
        schema.Properties["errors"] = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "The rules that the request breaks, by field or parameter, all at once.",
            AdditionalProperties = new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Items = new OpenApiSchema { Type = JsonSchemaType.String },
            },
        };
        schema.Description = "A problem (RFC 9457).";
        schema.AdditionalProperties = null;
        schema.AdditionalPropertiesAllowed = true;
    }

    /// <summary>
    /// Answers always have the properties that are not null; null objects are declared as such. What requests must have is decided
    /// later (<see cref="BodySchemas"/>).
    /// </summary>
    private static void RequireWhatIsWritten(OpenApiSchema schema, SchemaFilterContext context)
    {
        var type = context.Type;
        if (schema.Properties is not { Count: > 0 } written || type.Namespace?.StartsWith("CnnService", StringComparison.Ordinal) != true)
        {
            return;
        }

        var required = new HashSet<string>();
        foreach (var property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            var name = property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name
                ?? JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            if (!written.TryGetValue(name, out var value))
            {
                continue;
            }

            var isNullable = IsNullable(property);
            if (!isNullable && property.GetCustomAttribute<JsonIgnoreAttribute>() is null)
            {
                required.Add(name);
            }

            if (isNullable && value is OpenApiSchemaReference { Reference.Id: { } id })
            {
                var whole = context.SchemaRepository.Schemas[id];
                written[name] = new OpenApiSchema { Type = JsonSchemaType.Null | whole.Type, Items = whole.Items, AllOf = [value] };
            }
        }

        schema.Required = required;
    }

    private static bool IsNullable(PropertyInfo property)
    {
        lock (Nullability)
        {
            return Nullability.Create(property).ReadState == NullabilityState.Nullable;
        }
    }

    private static void Become(OpenApiSchema schema, JsonSchemaType type, Dictionary<string, IOpenApiSchema>? fields = null)
    {
        schema.Type = type;
        schema.Properties = fields;
        schema.Required = null;
        schema.AdditionalPropertiesAllowed = fields is null;
    }

    private static OpenApiSchema Integer() => new() { Type = JsonSchemaType.Integer, Format = "int32" };

    private static OpenApiSchema Words(IEnumerable<string> words) => new()
    {
        Type = JsonSchemaType.String,
        Enum = [.. words.Select(word => (JsonNode)word)],
    };
}
