using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;
using CnnService.Web.Hosting.Security;

namespace CnnService.Web.Hosting.OpenApi;

/// <summary>Tells which scope a call needs, and the answers that any call may get.</summary>
internal sealed class AccessFilter : IOperationFilter
{
    private static readonly Dictionary<string, string> Everywhere = new()
    {
        ["500"] = "Something broke that the request did not cause.",
        ["503"] = "Busy or not ready; Retry-After tells when to try again.",
    };

    private static readonly Dictionary<string, string> WithScope = new()
    {
        ["401"] = "No key, or an unknown one.",
        ["403"] = "The key lacks the scope, or a page of another site called.",
        ["429"] = "More requests than the key's rate allows; Retry-After tells when to try again.",
    };

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        Declare(operation, Everywhere, context);
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<IAllowAnonymous>().Any())
        {
            return;
        }

        Declare(operation, WithScope, context);
        string[] scopes = [.. metadata.OfType<IAuthorizeData>().Select(data => data.Policy).OfType<string>().Distinct()];
        operation.Description = $"{operation.Description}\n\nScope: {string.Join(", ", scopes)}.".Trim();
        operation.Security = [new() { [new OpenApiSecuritySchemeReference(ApiKeyHandler.SchemeName, context.Document)] = [] }];
    }

    private static void Declare(OpenApiOperation operation, Dictionary<string, string> answers, OperationFilterContext context)
    {
        var schema = context.SchemaGenerator.GenerateSchema(typeof(ProblemDetails), context.SchemaRepository);
        operation.Responses ??= [];
        foreach (var (status, description) in answers)
        {
            operation.Responses.TryAdd(status, new OpenApiResponse
            {
                Description = description,
                Content = new Dictionary<string, OpenApiMediaType> { [Problems.MediaType] = new() { Schema = schema } },
            });
        }
    }
}
