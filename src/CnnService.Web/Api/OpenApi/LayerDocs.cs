using CnnService.Core.Architecture;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CnnService.Web.Api.OpenApi;

/// <summary>
/// Schemas of the layers of a network: one with what all have, and one a kind that extends it, told apart by the field <c>type</c>.
/// Written as inheritance, which client generators turn into types; of a choice between schemas several make nothing that compiles.
/// </summary>
internal static class LayerDocs
{
    private const string TypeField = "type";

    private static readonly string[] Common = [TypeField, "name", "inputs"];

    /// <summary>Whether the type is a layer; its schema is then complete.</summary>
    public static bool Describe(OpenApiSchema schema, SchemaFilterContext context)
    {
        if (context.Type == typeof(LayerSpec))
        {
            DescribeBase(schema, context);
            return true;
        }

        if (LayerTypes.Names.FirstOrDefault(name => LayerTypes.Find(name) == context.Type) is not null)
        {
            DescribeKind(schema, context);
        }

        return context.Type.IsSubclassOf(typeof(LayerSpec));
    }

    private static void DescribeBase(OpenApiSchema schema, SchemaFilterContext context)
    {
        schema.Type = JsonSchemaType.Object;
        schema.Properties = new Dictionary<string, IOpenApiSchema>(schema.Properties ?? new Dictionary<string, IOpenApiSchema>())
        {
            [TypeField] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "The kind of layer." },
        };
        schema.Required = new HashSet<string> { TypeField };
        schema.AdditionalPropertiesAllowed = true;
        schema.Discriminator = new()
        {
            PropertyName = TypeField,
            Mapping = LayerTypes.Names.ToDictionary(name => name, name =>
                (OpenApiSchemaReference)context.SchemaGenerator.GenerateSchema(LayerTypes.Find(name)!, context.SchemaRepository)),
        };
        schema.Description = "One layer of a network; each `type` has fields of its own.";
    }

    private static void DescribeKind(OpenApiSchema schema, SchemaFilterContext context)
    {
        foreach (var field in Common)
        {
            schema.Properties?.Remove(field);
        }

        schema.Type = JsonSchemaType.Object;
        schema.AllOf = [context.SchemaGenerator.GenerateSchema(typeof(LayerSpec), context.SchemaRepository)];
        schema.AdditionalPropertiesAllowed = true;
    }
}
