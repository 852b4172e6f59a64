using CnnService.Core.Architecture;
using CnnService.Core.Common;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CnnService.Web.Api.OpenApi;

/// <summary>Schemas of types whose JSON form differs from their .NET type: the layers of a network and their sizes.</summary>
internal sealed class SchemaDocs : ISchemaFilter
{
    private const string TypeField = "type";

    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema written)
        {
            return;
        }

        if (context.Type == typeof(LayerSpec))
        {
            DescribeLayers(written, context);
        }
        else if (context.Type.IsSubclassOf(typeof(LayerSpec)))
        {
            DescribeLayer(written, context.Type);
        }
        else if (Forms(context.Type) is { Count: > 0 } forms)
        {
            written.Type = null;
            written.Properties = null;
            written.AdditionalPropertiesAllowed = true;
            written.OneOf = forms;
        }
    }

    /// <summary>One of the kinds of layer, discriminated by the field <c>type</c>.</summary>
    private static void DescribeLayers(OpenApiSchema schema, SchemaFilterContext context)
    {
        var kinds = LayerTypes.Names.ToDictionary(name => name,
            name => context.SchemaGenerator.GenerateSchema(LayerTypes.Find(name)!, context.SchemaRepository));
        schema.Type = null;
        schema.Properties = null;
        schema.AdditionalPropertiesAllowed = true;
        schema.OneOf = [.. kinds.Values];
        schema.Discriminator = new()
        {
            PropertyName = TypeField,
            Mapping = kinds.Where(kind => kind.Value is OpenApiSchemaReference)
                .ToDictionary(kind => kind.Key, kind => (OpenApiSchemaReference)kind.Value),
        };
        schema.Description =
            "One layer of a network. It takes the one before it unless `inputs` names others; names are unique, and a missing one is "
            + "filled in (`flatten_1`). By `type` it has the fields:\n\n"
            + string.Join('\n',
                LayerTypes.Names.Select(
                    name => $"- `{name}`: {string.Join(", ", Fields(LayerTypes.Find(name)!).Select(field => $"`{field}`"))}"));
    }

    private static void DescribeLayer(OpenApiSchema schema, Type kind)
    {
        if (LayerTypes.Names.FirstOrDefault(known => LayerTypes.Find(known) == kind) is not { } name)
        {
            return; // Only imported files make it; it cannot be written in JSON.
        }

        schema.Properties = new Dictionary<string, IOpenApiSchema>(schema.Properties ?? new Dictionary<string, IOpenApiSchema>())
        {
            [TypeField] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [name] },
        };
        schema.Required = new HashSet<string> { TypeField };
    }

    private static IEnumerable<string> Fields(Type kind) =>
        CoreJson.Options.GetTypeInfo(kind).Properties.Where(field => field.Set is not null).Select(field => field.Name)
        .Where(field => field != TypeField);

    /// <summary>The alternative JSON forms of a type; empty if its schema needs no change.</summary>
    private static List<IOpenApiSchema> Forms(Type type) =>
        type == typeof(Size2) ? [IntegerSchema(), IntegerArraySchema(2, 2)]
        : type == typeof(Padding2) ? [EnumSchema("same", "valid"), IntegerSchema(), IntegerArraySchema(2, 4)]
        : type == typeof(Units) ? [IntegerSchema(), EnumSchema("classes")]
        : [];

    private static OpenApiSchema IntegerSchema() => new() { Type = JsonSchemaType.Integer, Format = "int32" };

    private static OpenApiSchema IntegerArraySchema(int min, int max) => new()
    {
        Type = JsonSchemaType.Array,
        Items = IntegerSchema(),
        MinItems = min,
        MaxItems = max,
    };

    private static OpenApiSchema EnumSchema(params string[] words) => new() { Type = JsonSchemaType.String, Enum = [.. words] };
}
