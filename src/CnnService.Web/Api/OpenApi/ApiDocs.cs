using CnnService.Core.Common;
using Microsoft.OpenApi;

namespace CnnService.Web.Api.OpenApi;

/// <summary>The OpenAPI document and Swagger UI.</summary>
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
                Description = "Train convolutional networks on your own images, serve them, and see inside them. "
                    + "Errors are application/problem+json with a stable `code`. Every answer has an `X-Request-Id`: the request's own "
                    + "where it sent a sound one "
                    + "(1 to 64 letters, digits, `-`, `_`, `.`), else a new one. Problems tell it as `requestId`, and so does all that "
                    + "is logged for the request.",
            });
            foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory, "CnnService.*.xml"))
            {
                swagger.IncludeXmlComments(() => XmlDocs.Load(file));
            }

            swagger.MapQueryValues();
            swagger.AddSecurityDefinition(ApiKeyHandler.SchemeName, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = ApiKeyHandler.HeaderName,
                Description = "Only where keys are configured.",
            });
            swagger.AddSecurityRequirement(document => new OpenApiSecurityRequirement
            {
                [new OpenApiSecuritySchemeReference(ApiKeyHandler.SchemeName, document)] = [],
            });
            swagger.DocInclusionPredicate((_, operation) => operation.HttpMethod != HttpMethods.Head);
            swagger.OperationFilter<OperationDocs>();
            swagger.SchemaFilter<SchemaDocs>();
            foreach (var type in typeof(IJsonReadable<>).Assembly.GetTypes().Where(type => type.GetInterfaces().Any(IsReadable)))
            {
                swagger.MapType(type, () => new OpenApiSchema()); // More than one form: the field's text tells them.
            }

            swagger.DescribeAllParametersInCamelCase();
            swagger.SchemaGeneratorOptions.SchemaIdSelector = SchemaName;
        });

    /// <summary>Swagger UI. Its files are public; the document it loads requires the scope read.</summary>
    public static void UseApiPages(this IApplicationBuilder app) => app.UseSwaggerUI(ui =>
    {
        ui.SwaggerEndpoint("/swagger/v1/swagger.json", "CnnService");
        ui.DocumentTitle = "CnnService";
        ui.InjectJavascript("/dashboard/key.js");
    });

    public static void MapApiDocs(this IEndpointRouteBuilder routes) => routes.MapSwagger().RequireAuthorization(Scopes.Read);

    private static bool IsReadable(Type face) => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IJsonReadable<>);

    private static string SchemaName(Type type) => type.IsGenericType
        ? string.Concat(type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)], "Of",
            string.Concat(type.GetGenericArguments().Select(SchemaName)))
        : type.Name;
}
