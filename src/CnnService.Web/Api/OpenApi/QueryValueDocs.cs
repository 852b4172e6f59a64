using System.Text.Json.Nodes;
using CnnService.Core.Common;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CnnService.Web.Api.OpenApi;

/// <summary>Values of queries are texts in the OpenAPI text; those of an enum list their names.</summary>
internal static class QueryValueDocs
{
    /// <summary>For every value that a record of this program takes.</summary>
    public static void MapQueryValues(this SwaggerGenOptions options)
    {
        var values = typeof(QueryValueDocs).Assembly.GetTypes()
            .SelectMany(type => type.GetConstructors())
            .SelectMany(constructor => constructor.GetParameters())
            .Select(parameter => parameter.ParameterType)
            .Where(type => IsQueryValue(Nullable.GetUnderlyingType(type) ?? type))
            .Distinct();
        foreach (var type in values)
        {
            var value = Nullable.GetUnderlyingType(type) ?? type;
            options.MapType(type, () => Describe(value));
            options.MapType(value, () => Describe(value));
        }
    }

    private static bool IsQueryValue(Type type) =>
        type.IsValueType && type.GetInterfaces().Any(one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IQueryValue<>));

    private static OpenApiSchema Describe(Type value) => new()
    {
        Type = JsonSchemaType.String,
        Enum = value.IsGenericType && value.GetGenericTypeDefinition() == typeof(Named<>)
            ? [.. WireName.All(value.GetGenericArguments()[0]).Select(name => (JsonNode)name)]
            : null,
    };
}
