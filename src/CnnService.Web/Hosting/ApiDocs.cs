using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
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

    /// <summary>Swagger UI, whose files are public; the text it shows needs the scope read.</summary>
    public static void UseApiPages(this IApplicationBuilder app) => app.UseSwaggerUI(ui =>
    {
        ui.SwaggerEndpoint("/swagger/v1/swagger.json", "CnnService");
        ui.DocumentTitle = "CnnService";
        ui.InjectJavascript("/dashboard/key.js");
    });

    public static void MapApiDocs(this IEndpointRouteBuilder routes) => routes.MapSwagger().RequireAuthorization(Scopes.Read);

    private static string SchemaName(Type type) => type.IsGenericType
        ? string.Concat(type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)], "Of", string.Concat(type.GetGenericArguments().Select(SchemaName)))
        : type.Name;

    /// <summary>Puts the examples of <see cref="RequestExample"/> where Swagger UI offers them, and adds the problems that any route can answer.</summary>
    private sealed class Examples : IOperationFilter
    {
        private static readonly (string Status, string What)[] Anywhere = [("500", "Something broke that the request did not cause.")];

        private static readonly (string Status, string What)[] WithScope =
        [
            ("401", "No key, or an unknown one."),
            ("403", "The key's scopes do not allow this, or a page of another site asked."),
            ("429", "Too many requests."),
        ];

        public void Apply(OpenApiOperation operation, OperationFilterContext context)
        {
            var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
            if (metadata.OfType<RequestExample>().FirstOrDefault() is { } example
                && operation.RequestBody?.Content is { } content && content.TryGetValue("application/json", out var json))
            {
                json.Example = JsonNode.Parse(example.Json);
            }

            operation.Responses ??= [];
            var schema = context.SchemaGenerator.GenerateSchema(typeof(ProblemDetails), context.SchemaRepository);
            foreach (var (status, what) in metadata.OfType<IAllowAnonymous>().Any() ? Anywhere : Anywhere.Concat(WithScope))
            {
                operation.Responses.TryAdd(status, new OpenApiResponse
                {
                    Description = what,
                    Content = new Dictionary<string, OpenApiMediaType> { [Problems.MediaType] = new() { Schema = schema } },
                });
            }
        }
    }
}
