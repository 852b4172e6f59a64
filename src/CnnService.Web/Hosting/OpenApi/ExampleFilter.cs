using System.Globalization;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CnnService.Web.Hosting.OpenApi;

/// <summary>Puts each <see cref="Example"/> of an endpoint where it belongs; one that fits nowhere is a fault of the endpoint.</summary>
internal sealed class ExampleFilter : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        foreach (var example in context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<Example>())
        {
            if (!TryPlace(example, operation))
            {
                throw new InvalidOperationException(
                    $"{operation.OperationId} has an example for {example.Parameter ?? example.Status?.ToString(CultureInfo.InvariantCulture) ?? "a body"} that it does not have.");
            }
        }
    }

    private static bool TryPlace(Example example, OpenApiOperation operation)
    {
        if (example.Parameter is { } name)
        {
            var parameter = operation.Parameters?.OfType<OpenApiParameter>().FirstOrDefault(parameter => parameter.Name == name);
            parameter?.Example = example.Value.DeepClone();
            return parameter is not null;
        }

        var content = example.Status is { } status
            ? operation.Responses?.GetValueOrDefault(status.ToString(CultureInfo.InvariantCulture))?.Content
            : operation.RequestBody?.Content;
        if (content is null || !content.TryGetValue("application/json", out var json))
        {
            return false;
        }

        json.Example = example.Value.DeepClone();
        return true;
    }
}
