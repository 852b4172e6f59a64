using System.Reflection;
using System.Text.Json;
using CnnService.Core.Architecture;
using CnnService.Core.Architecture.Presets;
using CnnService.Core.Common;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.ApiExplorer;

namespace CnnService.Web.Api.OpenApi;

/// <summary>The types that bodies of requests are made of.</summary>
internal static class RequestTypes
{
    /// <summary>By the name of their schema.</summary>
    public static Dictionary<string, Type> Collect(IEnumerable<ApiDescription> routes)
    {
        var found = new Dictionary<string, Type>();
        var waiting = new Queue<Type>(routes
            .SelectMany(route => route.ActionDescriptor.EndpointMetadata.OfType<IAcceptsMetadata>())
            .Select(body => body.RequestType).OfType<Type>());
        while (waiting.TryDequeue(out var type))
        {
            foreach (var part in Unwrap(type).Where(part => part.Namespace?.StartsWith("CnnService", StringComparison.Ordinal) == true))
            {
                if (found.TryAdd(ApiDocs.SchemaName(part), part))
                {
                    PartsOf(part).ToList().ForEach(waiting.Enqueue);
                }
            }
        }

        return found;
    }

    private static IEnumerable<Type> PartsOf(Type type) =>
        type == typeof(ArchitectureChoice) ? [typeof(NetworkSpec)]
        : type == typeof(LayerSpec) ? LayerTypes.Names.Select(name => LayerTypes.Find(name)!)
        : type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(property => property.CanWrite)
            .Select(property => property.GetCustomAttribute<JsonShapeAttribute>()?.Shape ?? property.PropertyType);

    private static IEnumerable<Type> Unwrap(Type type) => Nullable.GetUnderlyingType(type) is { } value ? [value]
        : type == typeof(JsonElement) ? []
        : type.IsGenericType && type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true
            ? type.GetGenericArguments().SelectMany(Unwrap)
        : [type];
}
