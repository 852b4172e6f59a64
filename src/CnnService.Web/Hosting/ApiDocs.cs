using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CnnService.Web.Hosting;

/// <summary>The OpenAPI text and Swagger UI.</summary>
internal static class ApiDocs
{
    public static IServiceCollection AddApiDocs(this IServiceCollection services) => services
        .AddEndpointsApiExplorer()
        .AddSwaggerGen(swagger =>
        {
            swagger.SwaggerDoc("v1", new OpenApiInfo
            {
                Title = "CnnService",
                Version = "v1",
                Description = "Train convolutional networks on your own pictures, serve them, and see inside them. "
                    + "Errors are application/problem+json with a stable `code`.",
            });
            foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory, "CnnService.*.xml"))
            {
                swagger.IncludeXmlComments(file);
            }

            swagger.AddSecurityDefinition(ApiKeyHandler.SchemeName, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = ApiKeyHandler.HeaderName,
                Description = "Only where keys are configured.",
            });
            swagger.OperationFilter<Examples>();
            swagger.SchemaGeneratorOptions.SchemaIdSelector = SchemaName;
        });

    public static void UseApiDocs(this IApplicationBuilder app) => app.UseSwagger().UseSwaggerUI(ui =>
    {
        ui.SwaggerEndpoint("/swagger/v1/swagger.json", "CnnService");
        ui.DocumentTitle = "CnnService";
    });

    private static string SchemaName(Type type) => type.IsGenericType
        ? string.Concat(type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)], "Of", string.Concat(type.GetGenericArguments().Select(SchemaName)))
        : type.Name;

    /// <summary>Puts the examples of <see cref="RequestExample"/> where Swagger UI offers them, and adds the problems that any route can answer.</summary>
    private sealed class Examples : IOperationFilter
    {
        public void Apply(OpenApiOperation operation, OperationFilterContext context)
        {
            var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
            if (metadata.OfType<RequestExample>().FirstOrDefault() is { } example
                && operation.RequestBody?.Content is { } content && content.TryGetValue("application/json", out var json))
            {
                json.Example = JsonNode.Parse(example.Json);
            }

            foreach (var (status, what) in new[] { ("401", "No key, or an unknown one."), ("403", "The key's scopes do not allow this."), ("429", "Too many requests.") })
            {
                operation.Responses ??= [];
                operation.Responses.TryAdd(status, new OpenApiResponse { Description = what });
            }
        }
    }
}
