using System.Text.Json.Nodes;
using CnnService.Core.Common;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CnnService.Web.Api.OpenApi;

/// <summary>Describes parsed query values as strings in the OpenAPI document; enums list their names.</summary>
internal static class QueryValueDocs
{
    /// <summary>Registers all query values used by constructors of this assembly's types.</summary>
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
        Enum = value.IsGenericType && value.GetGenericTypeDefinition() == typeof(EnumQueryValue<>)
            ? [.. WireName.All(value.GetGenericArguments()[0]).Select(name => (JsonNode)name)]
            : null,
    };
}
