using Microsoft.OpenApi;

namespace CnnService.Web.Api.OpenApi;

/// <summary>The OpenAPI document and Swagger UI.</summary>
internal static class ApiDocs
{
    /// <summary>Asks for the key that the document requires, and sends it with every request of Swagger UI.</summary>
    private const string KeyScript = "key.js";

    public static IServiceCollection AddApiDocs(this IServiceCollection services) => services
        .AddEndpointsApiExplorer()
        .AddSingleton<ApiText>()
        .AddSwaggerGen(swagger =>
        {
            swagger.SwaggerDoc(ApiText.Name, ApiInfo.Create());
            swagger.AddServer(new OpenApiServer { Url = "/" });
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
            swagger.DescribeAllParametersInCamelCase();
            swagger.SupportNonNullableReferenceTypes();
            swagger.SchemaGeneratorOptions.SchemaIdSelector = SchemaName;
            swagger.SchemaFilter<SchemaDocs>();
            swagger.OperationFilter<OperationDocs>();
            swagger.DocumentFilter<TagDocs>();
            swagger.DocumentFilter<BodySchemas>();
            swagger.DocumentFilter<SharedParts>(); // Last: it sees what the others have written.
        });

    /// <summary>Swagger UI. Its files are public; the document it loads requires the scope read.</summary>
    public static void UseApiPages(this IApplicationBuilder app) => app.UseSwaggerUI(ui =>
    {
        ui.SwaggerEndpoint(ApiText.Path, "CnnService");
        ui.DocumentTitle = "CnnService";
        ui.EnableDeepLinking();
        ui.EnableFilter();
        ui.InjectJavascript(KeyScript);
    });

    public static void MapApiDocs(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(ApiText.Path, (ApiText text) => text.ToResult()).ExcludeFromDescription().RequireAuthorization(Scopes.Read);
        routes.MapGet($"{ServicePages.Swagger}/{KeyScript}", () => TypedResults.Stream(
            typeof(ApiDocs).Assembly.GetManifestResourceStream(KeyScript)!, "text/javascript; charset=utf-8"))
            .ExcludeFromDescription().AllowAnonymous();
    }

    /// <summary>The name of a type's schema.</summary>
    public static string SchemaName(Type type) => type.IsGenericType
        ? string.Concat(type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)], "Of",
            string.Concat(type.GetGenericArguments().Select(SchemaName)))
        : type.Name;
}
